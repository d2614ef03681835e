// Tests that the real Baileys reports each fault of the network so that its cause is found.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { Agent } from "node:https";
import { createServer, type AddressInfo, type LookupFunction, type Server } from "node:net";
import { after, it } from "node:test";
import { createServer as createTlsServer } from "node:tls";
import { initAuthCreds, makeWASocket, type UserFacingSocketConfig } from "baileys";
import { log } from "../log.ts";
import { foreignCertificate } from "../testing/foreign_certificate.ts";
import { closeResult } from "./close_result.ts";
import type { CloseResult } from "./connection.ts";

const servers: Server[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function listening(server: Server): Promise<number> {
  servers.push(server.listen(0, "127.0.0.1"));
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function failure(url: string, more: Partial<UserFacingSocketConfig> = {}): Promise<CloseResult> {
  const keys = { get: () => Promise.resolve({}), set: () => Promise.resolve() };
  const auth = { creds: initAuthCreds(), keys };
  const sock = makeWASocket({ waWebSocketUrl: url, auth, logger: log, connectTimeoutMs: 2000, ...more });
  return new Promise((resolve) => {
    sock.ev.on("connection.update", ({ connection, lastDisconnect }) => {
      if (connection === "close") resolve(closeResult(lastDisconnect?.error, () => false));
    });
  });
}

const closedWith = (code: number, cause: CloseResult["cause"]): CloseResult => ({
  code,
  cause,
  expires_in_s: null,
});

it("a port on which nobody listens is refused", async () => {
  const server = createServer();
  const port = await listening(server);
  server.close();
  await once(server, "close");
  assert.deepEqual(await failure(`wss://127.0.0.1:${port}/ws`), closedWith(408, "refused"));
});

it("a connection that is cut before an answer is refused", async () => {
  const port = await listening(createServer((socket) => socket.destroy()));
  assert.deepEqual(await failure(`wss://127.0.0.1:${port}/ws`), closedWith(408, "refused"));
});

it("an answer that is not TLS is refused", async () => {
  const port = await listening(createHttpServer());
  assert.equal((await failure(`wss://127.0.0.1:${port}/ws`)).cause, "refused");
});

it("a certificate of somebody else's root is a certificate", async () => {
  const port = await listening(createTlsServer(foreignCertificate()));
  assert.equal((await failure(`wss://127.0.0.1:${port}/ws`)).cause, "certificate");
});

it("a name that does not resolve is name_resolution", async () => {
  for (const code of ["ENOTFOUND", "EAI_AGAIN"]) {
    const lookup: LookupFunction = (_name, _options, done) => {
      done(Object.assign(new Error(code), { code }), "");
    };
    const agent = new Agent({ lookup });
    assert.deepEqual(await failure("wss://nome.invalid/ws", { agent }), closedWith(408, "name_resolution"));
  }
});

it("a connection that nobody answers is no_internet", async () => {
  const port = await listening(createServer(() => undefined));
  const silent = await failure(`ws://127.0.0.1:${port}/ws`, { connectTimeoutMs: 200 });
  assert.deepEqual(silent, closedWith(408, "no_internet"));
});
