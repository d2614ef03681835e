// Server on one port of the loopback address: web socket and admin interface.
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { WebSocketServer, type WebSocket } from "ws";
import { serveAdmin } from "./admin/http.ts";
import { MEDIA_PREFIX } from "./media/media_file.ts";
import { serveMedia } from "./media/serve_media.ts";
import { makeServerIdentity } from "./noise/certificate.ts";
import { presentedIdentity, type ChainFault } from "./noise/flawed_chains.ts";
import { routeStanzas } from "./stanza_router.ts";
import { Connection } from "./stream/connection.ts";
import { Network } from "./world/network.ts";

const HOST = "127.0.0.1";
const PATH = "/ws/chat";
/** Header of an accepted web socket that offers the root's public key in base64; a training trusts it. */
const ROOT_HEADER = "X-Simulated-Root";

export interface Simulator {
  readonly ws: string;
  readonly admin: string;
  close(): Promise<void>;
}

/** Answers as the real server does when it refuses a web socket. */
function refuseUpgrade(socket: Duplex, status: number): void {
  socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function acceptUpgrades(network: Network) {
  const listener = routeStanzas(network);
  const sockets = new WebSocketServer({ noServer: true });
  const root = Buffer.from(network.identity.root.public).toString("base64");
  sockets.on("headers", (headers) => headers.push(`${ROOT_HEADER}: ${root}`));
  const connect = (socket: WebSocket): void => {
    const triggers = (kind: ChainFault): boolean => network.faults.trigger(kind) !== undefined;
    const connection = new Connection(socket, presentedIdentity(network.identity, triggers), listener);
    network.connections.set(connection, undefined);
    network.counters.connections += 1;
    connection.setLine(network.line);
  };
  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const fault = network.faults.trigger("upgrade_status");
    if (network.refusing) {
      socket.destroy();
    } else if (fault || request.url?.split("?")[0] !== PATH) {
      refuseUpgrade(socket, fault?.code ?? (fault ? 503 : 404));
    } else {
      sockets.handleUpgrade(request, socket, head, connect);
    }
  };
  return (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    // A waiting socket has no other listener for its end.
    socket.on("error", () => socket.destroy());
    if (network.line === "half_open") {
      network.pendingUpgrades.push({
        accept: () => {
          upgrade(request, socket, head);
        },
        abort: () => socket.destroy(),
      });
    } else {
      upgrade(request, socket, head);
    }
  };
}

export async function startSimulator(settings: { port: number; seed: string }): Promise<Simulator> {
  const network = new Network(settings.seed, makeServerIdentity());
  const server = createServer((request, response) => {
    const serve = request.url?.startsWith(MEDIA_PREFIX) ? serveMedia : serveAdmin;
    serve(network, request, response);
  });
  server.on("upgrade", acceptUpgrades(network));
  server.listen(settings.port, HOST);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  network.port = {
    get isOpen() {
      return server.listening;
    },
    close: () => {
      server.close();
    },
    open: () => {
      server.listen(port, HOST);
    },
  };
  return {
    ws: `ws://${HOST}:${port}${PATH}`,
    admin: `http://${HOST}:${port}/admin`,
    async close() {
      network.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
