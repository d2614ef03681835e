// Tests of acknowledgements and deliveries that are late, lost or doubled, and of refused queries.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { waitUntil } from "./event_recorder.ts";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked({ defaultQueryTimeoutMs: 300 });
const ANA = "+5573988880001";
const ana = await shop.customer(ANA);

const LONGER_THAN_THE_TEST_MS = 600_000;

test("a slow acknowledgement holds up no other message", async () => {
  await shop.fault("slow_ack", { ms: LONGER_THAN_THE_TEST_MS, number: ANA });
  await program.send(ana, "um", "A1");
  await program.receipt("A1", "read");
  await program.send(ana, "um", "A2");
  await program.ack("A2");
  assert.equal(program.events.has("ack"), false);
});

test("a slow acknowledgement comes in the end", async () => {
  await shop.fault("slow_ack", { ms: 20 });
  await program.send(ana, "um", "A3");
  await program.ack("A3");
});

test("acknowledgements are lost for one customer until further notice", async () => {
  const bia = await shop.customer("+5573988880002");
  await shop.fault("lose_ack", { number: "+5573988880002", times: -1 });
  for (const id of ["B1", "B2"]) {
    await program.send(bia, "dois", id);
    await program.receipt(id);
  }
  await program.send(ana, "dois", "B3");
  await program.ack("B3");
  assert.equal(program.events.has("ack"), false);
  await shop.fault("lose_ack", { number: "+5573988880002", times: 0 });
  await program.send(bia, "dois", "B4");
  await program.ack("B4");
});

test("an acknowledgement can come twice", async () => {
  await shop.fault("repeat_ack");
  await program.send(ana, "três", "C1");
  await program.ack("C1");
  await program.ack("C1");
});

test("a slow delivery is acknowledged before the phone has it", async () => {
  await shop.fault("slow_delivery", { ms: LONGER_THAN_THE_TEST_MS, number: ANA });
  await program.send(ana, "quatro", "D1");
  await program.ack("D1");
  const shown = (await admin.inbox(ANA)).map(({ id }) => id);
  assert.equal(shown.includes("D1"), false);
});

test("a slow delivery arrives in the end", async () => {
  await shop.fault("slow_delivery", { ms: 20, number: ANA });
  await program.send(ana, "quatro", "D2");
  await program.receipt("D2");
});

test("the server's record names every message and how often it came", async () => {
  await program.send(ana, "cinco", "E1");
  await program.send(ana, "cinco", "E1");
  await program.ack("E1");
  await program.ack("E1");
  const { messages } = await admin.get<{ messages: { id: string; times: number; to: string }[] }>("wire");
  const [entry] = messages.filter(({ id }) => id === "E1");
  assert.deepEqual([entry?.times, entry?.to], [2, ANA.slice(1)]);
});

test("a query of any topic can be refused or left without an answer", async () => {
  await shop.fault("iq_error", { topic: "w:mex", code: 503 });
  await assert.rejects(program.socket.fetchNewChatMessageCap(), { data: 503 });
  const leo = await shop.customer("+5573988880003");
  // Baileys forgives the first refusal of keys and asks once more.
  await shop.fault("iq_error", { topic: "encrypt get key", code: 406, times: 2 });
  await assert.rejects(program.send(leo, "seis", "F1"), { data: 406 });
  await shop.fault("iq_error", { topic: "w:mex", code: 0 });
  await assert.rejects(program.socket.fetchNewChatMessageCap(), { message: /unexpected response/ });
  assert.deepEqual(await admin.inbox("+5573988880003"), []);
});

test("one customer without keys fails the whole message, after two queries", async () => {
  const eva = await shop.customer("+5573988880004", { companions: 1 });
  await shop.fault("no_bundle", { number: "+5573988880004", code: 406, times: 4 });
  await assert.rejects(program.send(eva, "sete", "H1"), { data: 406 });
  assert.deepEqual(await admin.inbox("+5573988880004"), []);
});

test("a program that is told its pre-keys are low publishes more", async () => {
  const preKeys = async (): Promise<number | undefined> =>
    (await admin.get<{ devices: { pre_keys?: number }[] }>("devices")).devices[1]?.pre_keys;
  const before = await preKeys();
  await admin.post("pre-keys-low", { count: 3 });
  await program.notification("encrypt");
  await waitUntil(async () => (await preKeys()) !== before);
  assert.equal(await preKeys(), (before ?? 0) + 5);
  await program.disconnect();
});
