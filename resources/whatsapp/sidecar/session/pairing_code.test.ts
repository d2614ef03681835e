// Promises about the pairing code: it is given only once WhatsApp has agreed.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { FakeSocket, settle } from "../trial/fake_socket.ts";
import { ManualClock } from "../trial/manual_clock.ts";
import { pairingCode } from "./pairing_code.ts";

const NUMBER = "+5573988112233";
const REFUSED = { message: "code_refused" };
let fake: FakeSocket;
let clock: ManualClock;

beforeEach(() => {
  fake = new FakeSocket(1);
  clock = new ManualClock();
  fake.connection.awaitsPairing = true;
});

it("is told when WhatsApp has agreed", async () => {
  const asking = pairingCode(fake.connection, NUMBER, clock);
  fake.ws.emit("CB:iq,type:result,link_code_companion_reg", {});
  assert.deepEqual(await asking, { code: "ABCD1234" });
  assert.deepEqual([fake.codesFor, clock.waiting], [["5573988112233"], 0]);
});

it("is refused when WhatsApp refuses, however soon Baileys had one", async () => {
  const asking = pairingCode(fake.connection, NUMBER, clock);
  fake.ws.emit("CB:iq,type:error", {});
  await assert.rejects(asking, REFUSED);
});

it("is refused when nobody answers in time, or the connection ends", async () => {
  const unanswered = pairingCode(fake.connection, NUMBER, clock);
  await settle();
  clock.pass(1000);
  await assert.rejects(unanswered, REFUSED);
  const ended = pairingCode(fake.connection, NUMBER, clock);
  fake.connection.finish(428);
  await assert.rejects(ended, REFUSED);
});

it("is not asked for where no pairing is on offer", async () => {
  fake.connection.awaitsPairing = false;
  await assert.rejects(pairingCode(fake.connection, NUMBER, clock), { message: "not_connected" });
  assert.deepEqual(fake.codesFor, []);
});
