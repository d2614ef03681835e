// Tests of every fault of the network.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { WebSocket } from "ws";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
const ana = await shop.customer("+5573988880001");

test("a lost acknowledgement still delivers the message", async () => {
  await shop.fault("lose_ack");
  await program.send(ana, "um", "A1");
  await program.receipt("A1");
  await program.send(ana, "dois", "A2");
  await program.ack("A2");
  assert.equal(program.events.has("ack"), false);
});

test("a refused message has its code, and sent again it is no repeat", async () => {
  await shop.fault("nack", { code: 463 });
  await program.send(ana, "três", "B1");
  assert.equal((await program.ack("B1"))["error"], "463");
  await program.send(ana, "três", "B1");
  assert.equal((await program.ack("B1"))["error"], undefined);
  await program.receipt("B1");
  assert.equal((await admin.inbox("+5573988880001")).find(({ id }) => id === "B1")?.wire, 1);
  assert.equal((await admin.messages()).wire_repeats, 0);
});

test("a fault for one number leaves the others alone", async () => {
  const bia = await shop.customer("+5573988880002");
  await shop.fault("nack", { code: 400, number: "+5573988880002", times: -1 });
  await program.send(ana, "quatro", "C1");
  await program.send(bia, "quatro", "C2");
  await program.send(bia, "quatro", "C3");
  assert.equal((await program.ack("C1"))["error"], undefined);
  assert.equal((await program.ack("C2"))["error"], "400");
  assert.equal((await program.ack("C3"))["error"], "400");
  await shop.fault("nack", { number: "+5573988880002", times: 0 });
  await program.send(bia, "quatro", "C4");
  assert.equal((await program.ack("C4"))["error"], undefined);
});

test("a phone that lost its session asks again, and that is no repeat", async () => {
  await shop.fault("lose_session", { number: "+5573988880001" });
  await program.send(ana, "cinco", "D1");
  await program.receipt("D1", "retry");
  await program.receipt("D1", undefined, ana);
  const bubble = (await admin.inbox("+5573988880001")).find(({ id }) => id === "D1");
  assert.deepEqual([bubble?.text, bubble?.shown, bubble?.wire], ["cinco", 1, 2]);
  const { wire_repeats, undecryptable } = await admin.messages();
  assert.deepEqual([wire_repeats, undecryptable], [0, 1]);
});

test("a companion that lost its session gets the message again, it alone", async () => {
  const rui = await shop.customer("+5573988880003", { companions: 1, mode: "strict" });
  await program.send(rui, "seis", "E1");
  await program.receipt("E1", undefined, "5573988880003:1@s.whatsapp.net");
  await shop.fault("lose_session", { number: "+5573988880003", device: 1 });
  await program.send(rui, "sete", "E2");
  await program.receipt("E2", "retry", "5573988880003:1@s.whatsapp.net");
  await program.receipt("E2", undefined, "5573988880003:1@s.whatsapp.net");
  assert.equal((await admin.inbox("+5573988880003", 1)).find(({ id }) => id === "E2")?.text, "sete");
  assert.equal((await admin.inbox("+5573988880003")).find(({ id }) => id === "E2")?.shown, 1);
});

test("a phone that cannot read the answer either asks with its own keys", async () => {
  const ivo = await shop.customer("+5573988880006");
  await shop.fault("lose_session", { number: "+5573988880006", times: 2 });
  await program.send(ivo, "treze", "K1");
  await program.receipt("K1", "retry");
  await program.receipt("K1", "retry");
  await program.receipt("K1", undefined, ivo);
  assert.equal((await admin.inbox("+5573988880006"))[0]?.text, "treze");
});

test("a cut line closes with 428 and the program comes back", async () => {
  await shop.fault("drop");
  assert.equal(await program.closed(), 428);
  await program.open();
});

test("a mute network holds stanzas back and delivers them when it flows", async () => {
  await shop.fault("mute");
  await program.send(ana, "oito", "F1");
  assert.equal(
    (await admin.inbox("+5573988880001")).some(({ id }) => id === "F1"),
    false,
  );
  await shop.fault("unmute");
  await program.ack("F1");
  await program.receipt("F1");
});

test("a line cut while the network is mute loses the stanzas held back", async () => {
  await shop.fault("mute");
  await program.send(ana, "nove", "G1");
  await shop.fault("drop");
  assert.equal(await program.closed(), 428);
  await shop.fault("unmute");
  await program.open();
  await program.send(ana, "nove", "G1");
  await program.ack("G1");
  await program.receipt("G1");
  assert.equal((await admin.inbox("+5573988880001")).find(({ id }) => id === "G1")?.wire, 1);
});

test("stream errors close with their codes", async () => {
  for (const code of [503, 440, 401, 515]) {
    await shop.fault("stream_error", { code });
    assert.equal(await program.closed(), code);
    await program.open();
  }
});

test("a login failure closes with its code as often as it was told to", async () => {
  await program.disconnect();
  await shop.fault("login_failure", { code: 403, times: 2 });
  for (const code of [403, 403]) {
    program.connect();
    assert.equal(await program.closed(), code);
  }
  await program.open();
});

test("a refused device query throws its code before a message is sent", async () => {
  const leo = await shop.customer("+5573988880004");
  await shop.fault("usync_error", { code: 429 });
  await assert.rejects(program.send(leo, "dez", "H1"), { data: 429 });
  await shop.fault("usync_error", { code: 429 });
  await assert.rejects(program.socket.onWhatsApp("+5573988880004"), { data: 429 });
  assert.deepEqual(await admin.inbox("+5573988880004"), []);
});

test("an unanswered device query leaves a message without recipients", async () => {
  const impatient = await shop.linked({ defaultQueryTimeoutMs: 300 });
  const eva = await shop.customer("+5573988880005");
  await shop.fault("usync_error", { code: 0 });
  await impatient.send(eva, "onze", "I1");
  assert.equal((await impatient.ack("I1"))["error"], undefined);
  assert.deepEqual(await admin.inbox("+5573988880005"), []);
  await impatient.disconnect();
});

test("an upgrade is answered with the status that was asked for", async () => {
  await shop.fault("upgrade_status", { code: 429 });
  const socket = new WebSocket(shop.simulator.ws);
  const [, response] = (await once(socket, "unexpected-response")) as [unknown, { statusCode: number }];
  assert.equal(response.statusCode, 429);
});

test("refused connections close with 408 until they are accepted again", async () => {
  await program.disconnect();
  await shop.fault("refuse_connections");
  program.connect();
  assert.equal(await program.closed(), 408);
  await shop.fault("accept_connections");
  await program.open();
});

test("disarm-all ends armed faults, a mute network and refused connections", async () => {
  await shop.fault("nack", { times: -1 });
  await shop.fault("lose_ack", { times: -1, number: "+5573988880001" });
  await shop.fault("refuse_connections");
  await shop.fault("mute");
  assert.deepEqual(await shop.admin.post("disarm-all"), { status: 200, answer: {} });
  await program.disconnect();
  await program.open();
  await program.send(ana, "onze", "I1");
  assert.equal((await program.ack("I1"))["error"], undefined);
});

test("delays hold back acknowledgements and receipts", async () => {
  await admin.post("options", { ack_delay_ms: 30, delivered_delay_ms: 30, read_delay_ms: 30 });
  const begin = performance.now();
  await program.send(ana, "doze", "J1");
  await program.ack("J1");
  assert.ok(performance.now() - begin >= 29);
  await program.receipt("J1", "read");
  assert.ok(performance.now() - begin >= 58);
});

test("a stanza sent twice is acknowledged, delivered and shown once", async () => {
  await shop.fault("repeat_ack");
  await shop.fault("repeat_receipt", { times: -1 });
  await program.send(ana, "quatorze", "L1");
  await Promise.all([program.ack("L1"), program.ack("L1")]);
  await Promise.all([program.receipt("L1", undefined, ana), program.receipt("L1", undefined, ana)]);
  await shop.fault("repeat_receipt", { times: 0 });
  assert.equal((await admin.inbox("+5573988880001")).find(({ id }) => id === "L1")?.shown, 1);
});

test("the wire log records messages and acknowledgements in order", async () => {
  const known = (await admin.stanzas(0)).length;
  await shop.fault("lose_ack");
  await program.send(ana, "quinze", "M1");
  await program.receipt("M1");
  await program.send(ana, "dezesseis", "M2");
  await program.ack("M2");
  assert.deepEqual(
    (await admin.stanzas(known)).map(({ what, id }) => `${what} ${id}`),
    ["message M1", "message M2", "ack M2"],
  );
});

test("a restart cuts every line and keeps the world", async () => {
  const before = await admin.inbox("+5573988880001");
  await admin.post("restart");
  assert.equal(await program.closed(), 428);
  await program.open();
  assert.deepEqual(await admin.inbox("+5573988880001"), before);
  await program.disconnect();
});
