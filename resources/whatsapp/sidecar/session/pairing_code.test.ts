// Tests of the pairing code: it is returned only once WhatsApp has agreed.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { BinaryNode } from "baileys";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { pairingCode } from "./pairing_code.ts";

const NUMBER = "+5573988112233";
const OTHER_SPELLING = "+557388112233";
const TAG = "link_code_companion_reg";
const AGREED = `CB:iq,type:result,${TAG}`;
const REFUSED = { message: "code_refused" };
let fake: FakeSocket;
let clock: ManualClock;

beforeEach(() => {
  fake = new FakeSocket(1);
  clock = new ManualClock();
  fake.connection.isPairing = true;
});

function about(reference: string): BinaryNode {
  const content = [{ tag: "link_code_pairing_ref", attrs: {}, content: Buffer.from(reference) }];
  return { tag: "any", attrs: {}, content: [{ tag: TAG, attrs: {}, content }] };
}

async function agreedFor(number: string, reference: string): Promise<string> {
  const asking = pairingCode(fake.connection, number, clock);
  fake.ws.emit(AGREED, about(reference));
  return (await asking).code;
}

it("is the same for another spelling, and confirmed for the one typed", async () => {
  const codes = [await agreedFor(OTHER_SPELLING, "1"), await agreedFor(NUMBER, "2")];
  assert.deepEqual(codes, ["ABCD1231", "ABCD1231"]);
  const confirmed = ["1", "2", "unknown"].map((reference) => {
    fake.ws.emit(`CB:notification,type:${TAG}`, about(reference));
    return fake.connection.creds.me?.id;
  });
  assert.deepEqual(confirmed, [
    "557388112233@s.whatsapp.net",
    "5573988112233@s.whatsapp.net",
    "5573988112233@s.whatsapp.net",
  ]);
});

it("is a new one after a refusal, because WhatsApp does not know the first", async () => {
  const asking = pairingCode(fake.connection, OTHER_SPELLING, clock);
  fake.ws.emit("CB:iq,type:error", {});
  await assert.rejects(asking, REFUSED);
  assert.equal(await agreedFor(NUMBER, "2"), "ABCD1232");
});

it("is returned when WhatsApp has agreed", async () => {
  const asking = pairingCode(fake.connection, NUMBER, clock);
  fake.ws.emit(AGREED, about("1"));
  assert.deepEqual(await asking, { code: "ABCD1231" });
  assert.deepEqual([fake.pairingCodeNumbers, clock.pendingTimers], [["5573988112233"], 0]);
});

it("is refused when WhatsApp refuses, however soon Baileys had one", async () => {
  const asking = pairingCode(fake.connection, NUMBER, clock);
  fake.ws.emit("CB:iq,type:error", {});
  await assert.rejects(asking, REFUSED);
});

it("is refused when no answer comes in time, or the connection ends", async () => {
  const unanswered = pairingCode(fake.connection, NUMBER, clock);
  await nextTick();
  clock.advance(1000);
  await assert.rejects(unanswered, REFUSED);
  const ended = pairingCode(fake.connection, NUMBER, clock);
  fake.connection.finish(428);
  await assert.rejects(ended, REFUSED);
});

it("is not requested where no pairing is on offer", async () => {
  fake.connection.isPairing = false;
  await assert.rejects(pairingCode(fake.connection, NUMBER, clock), { message: "not_connected" });
  assert.deepEqual(fake.pairingCodeNumbers, []);
});
