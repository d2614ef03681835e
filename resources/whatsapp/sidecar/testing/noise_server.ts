// Server for tests that answers the hello of a Noise handshake with a given chain and records what it is sent.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { WebSocketServer, type WebSocket } from "ws";
import type { ServerIdentity } from "../../simulator/noise/certificate.ts";
import { Handshake } from "../../simulator/noise/handshake.ts";
import { frame, FrameSplitter } from "../../simulator/stream/frame_splitter.ts";

interface NoiseServerOptions {
  identity: ServerIdentity;
  /** Headers of the accepted web socket. */
  headers?: readonly string[];
  /** After its answer the server reads nothing more, no closing handshake either. */
  readsOnlyHello?: boolean;
}

export class NoiseServer {
  /** Frames of all connections, without their lengths and the intro. */
  readonly received: Buffer[] = [];
  readonly #server: WebSocketServer;
  readonly #options: NoiseServerOptions;

  private constructor(server: WebSocketServer, options: NoiseServerOptions) {
    this.#server = server;
    this.#options = options;
    server.on("headers", (headers) => headers.push(...(options.headers ?? [])));
    server.on("connection", (socket) => {
      this.#serve(socket);
    });
  }

  static async start(options: NoiseServerOptions): Promise<NoiseServer> {
    const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
    await once(server, "listening");
    return new NoiseServer(server, options);
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws/chat`;
  }

  /** Resolves when the client has closed its connection: all that it sent has arrived. */
  async clientGone(): Promise<void> {
    const [socket] = this.#server.clients;
    if (socket) await once(socket, "close");
  }

  async receivedFrames(count: number): Promise<void> {
    const limit = AbortSignal.timeout(10_000);
    while (this.received.length < count) {
      limit.throwIfAborted();
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  stop(): void {
    for (const socket of this.#server.clients) socket.terminate();
    this.#server.close();
  }

  #serve(socket: WebSocket): void {
    const splitter = new FrameSplitter();
    const handshake = new Handshake(this.#options.identity);
    socket.on("message", (chunk: Buffer) => {
      for (const body of splitter.push(chunk)) {
        this.received.push(body);
        if (this.received.length > 1) continue;
        socket.send(frame(handshake.answerHello(body)));
        if (this.#options.readsOnlyHello === true) socket.pause();
      }
    });
  }
}
