// Tests of broken connections: stream errors, refused logins and upgrades, sockets that stay open and silent.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { waitUntil } from "./event_recorder.ts";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked({ keepAliveIntervalMs: 100, defaultQueryTimeoutMs: 300 });
const ANA = "+5573988880001";
const ana = await shop.customer(ANA);

// Once the program knows the phone's devices and keys, a message is one stanza and no query.
await program.send(ana, "zero", "Z1");
await program.ack("Z1");
await program.receipt("Z1", "read");

async function shows(id: string): Promise<boolean> {
  return (await admin.inbox(ANA)).some((bubble) => bubble.id === id);
}

for (const [cause, code] of [
  ["replaced", 440],
  ["device_removed", 401],
  ["ack", 500],
  ["xml-not-well-formed", 500],
  ["xmlstreamend", 428],
] as const) {
  test(`a stream that ends with ${cause} closes with ${code}`, async () => {
    await shop.fault("stream_error", { cause });
    assert.equal(await program.closed(), code);
    await program.open();
  });
}

for (const code of [500, 503, 515]) {
  test(`a stream error ${code} closes with its code`, async () => {
    await shop.fault("stream_error", { code });
    assert.equal(await program.closed(), code);
    await program.open();
  });
}

test("a login that is refused closes with the reason", async () => {
  await program.disconnect();
  for (const code of [400, 401, 402, 403, 405, 406, 409, 411, 413, 414, 415, 418, 500, 503]) {
    await shop.fault("login_failure", { code });
    program.connect();
    assert.equal(await program.closed(), code);
  }
  await program.open();
});

test("a login that is refused for a time says for how many seconds", async () => {
  await program.disconnect();
  await shop.fault("login_failure", { code: 402, expire_s: 3600 });
  program.connect();
  const told = (await once(program.socket.ws, "CB:failure")) as [{ attrs: Record<string, string> }];
  assert.deepEqual([told[0].attrs["reason"], told[0].attrs["expire"]], ["402", "3600"]);
  assert.equal(await program.closed(), 402);
  await program.open();
});

test("a closed port refuses connections and listens again", async () => {
  await shop.fault("close_port", { ms: 200 });
  assert.equal(await program.closed(), 428);
  const refused = new WebSocket(shop.simulator.ws);
  const [error] = (await once(refused, "error")) as [NodeJS.ErrnoException];
  assert.equal(error.code, "ECONNREFUSED");
  await waitUntil(async () => (await fetch(`${shop.simulator.admin}/stats`).catch(() => null))?.ok === true);
  await program.open();
});

test("an upgrade that is refused is heard only on the web socket", async () => {
  await program.disconnect();
  for (const code of [405, 429, 503]) {
    await shop.fault("upgrade_status", { code });
    program.connect();
    const [, response] = (await once(program.socket.ws, "unexpected-response")) as [
      unknown,
      { statusCode: number },
    ];
    assert.equal(response.statusCode, code);
    assert.equal(program.events.has("close"), false);
    await program.disconnect();
  }
  await program.open();
});

test("a half-open line reads no stanza, and the program ends it with 408", async () => {
  await shop.fault("half_open");
  await program.send(ana, "um", "A1");
  await waitUntil(() => !program.socket.ws.isOpen);
  assert.equal(await shows("A1"), false);
  await shop.fault("drop");
  assert.equal(await program.closed(), 408);
});

test("a socket opened on a half-open line is answered once it flows again", async () => {
  program.connect();
  await waitUntil(() => program.socket.ws.isConnecting);
  await shop.fault("unmute");
  await program.events.next("open");
});

test("a pending socket may close before a half-open line flows or is cut", async () => {
  await shop.fault("half_open");
  const impatient = new WebSocket(shop.simulator.ws, { handshakeTimeout: 50 });
  await once(impatient, "error");
  const cut = new WebSocket(shop.simulator.ws);
  let ended = false;
  cut.on("error", () => (ended = true));
  await waitUntil(async () => {
    await shop.fault("drop");
    return ended;
  });
  assert.equal(await program.closed(), 428);
  const late = new WebSocket(shop.simulator.ws, { handshakeTimeout: 50 });
  await once(late, "error");
  await shop.fault("unmute");
  await program.open();
});

test("stanzas sent into a half-open line arrive when it flows again", async () => {
  await shop.fault("half_open");
  await program.send(ana, "dois", "B1");
  assert.equal(await shows("B1"), false);
  await shop.fault("unmute");
  await program.ack("B1");
  await program.receipt("B1");
});

test("in silence a message is delivered, its receipts come at the next login", async () => {
  await shop.fault("silence");
  await program.send(ana, "três", "C1");
  await waitUntil(() => shows("C1"));
  await assert.rejects(program.socket.fetchNewChatMessageCap());
  await shop.fault("unmute");
  await program.disconnect();
  await program.open();
  assert.equal((await program.receipt("C1"))["offline"], "0");
  await program.receipt("C1", "read");
  assert.equal(program.events.has("ack"), false);
});

test("a program that is told how to be routed says so at its next login", async () => {
  assert.equal((await admin.post("edge-routing")).answer["devices"], 1);
  await waitUntil(() => program.creds.routingInfo !== undefined);
  await program.disconnect();
  const { routed: before } = await admin.get<Record<string, number>>("stats");
  await program.open();
  const { routed: after } = await admin.get<Record<string, number>>("stats");
  assert.deepEqual([before, after], [0, 1]);
});

test("a program told of changes a second time asks to have the first cleaned", async () => {
  assert.equal((await admin.post("dirty")).status, 200);
  await waitUntil(() => program.creds.lastAccountSyncTimestamp !== undefined);
  // The refusal shows that the query was sent.
  await shop.fault("iq_error", { topic: "urn:xmpp:whatsapp:dirty set clean", code: 418 });
  await admin.post("dirty");
  await program.answer("error", "418");
  await program.disconnect();
  assert.equal((await admin.post("dirty")).status, 409);
});
