// Tests of a restricted account: writing to strangers in a time lock, and beginning too many chats.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { NewChatMessageCapInfo, ReachoutTimelockState } from "baileys";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
const END = 1_893_456_000;

await admin.post("account/time-lock", { active: true, ends_at: END, enforcement: "BIZ_QUALITY" });

test("in a time lock a stranger gets no message, refused with 463", async () => {
  const jid = await shop.customer("+5573988880001");
  await program.send(jid, "Pronto", "A1");
  assert.equal((await program.ack("A1"))["error"], "463");
  assert.deepEqual(await admin.inbox("+5573988880001"), []);
});

test("in a time lock a customer who has written before is still reached", async () => {
  const jid = await shop.customer("+5573988880002");
  await admin.post("inbound", { number: "+5573988880002", text: "Oi!", id: "B1" });
  await program.message("B1");
  await program.send(jid, "Pronto", "B2");
  assert.equal((await program.ack("B2"))["error"], undefined);
  await program.receipt("B2");
});

test("a privacy token lets only its own customer's message pass", async () => {
  const jid = await shop.customer("+5573988880003");
  const other = await shop.customer("+5573988880004");
  await admin.post("privacy-token", { number: "+5573988880003" });
  await program.notification("privacy_token");
  await program.send(jid, "Pronto", "C1");
  assert.equal((await program.ack("C1"))["error"], undefined);
  await program.receipt("C1");
  await program.send(other, "Pronto", "C2");
  assert.equal((await program.ack("C2"))["error"], "463");
});

test("a program that asks is told when the time lock ends", async () => {
  await program.socket.fetchAccountReachoutTimelock();
  const lock = await program.events.next<ReachoutTimelockState>("time lock");
  assert.deepEqual(lock, {
    isActive: true,
    timeEnforcementEnds: new Date(END * 1000),
    enforcementType: "BIZ_QUALITY",
  });
});

test("a time lock that begins or ends is pushed when the network is told so", async () => {
  await admin.post("account/time-lock", { active: false, notify: true });
  assert.equal((await program.events.next<ReachoutTimelockState>("time lock")).isActive, false);
  await admin.post("account/time-lock", { active: true, ends_at: END, notify: true });
  const lock = await program.events.next<ReachoutTimelockState>("time lock");
  assert.deepEqual([lock.isActive, lock.timeEnforcementEnds], [true, new Date(END * 1000)]);
  await admin.post("account/time-lock", { active: false });
});

test("without a time lock a stranger is reached", async () => {
  const jid = await shop.customer("+5573988880005");
  await program.send(jid, "Pronto", "D1");
  assert.equal((await program.ack("D1"))["error"], undefined);
  await program.receipt("D1");
});

test("the cap on new chats is answered and pushed", async () => {
  await admin.post("account/new-chat-cap", {
    status: "CAPPED",
    total: 10,
    used: 10,
    ends_at: END,
    notify: true,
  });
  const pushed = await program.events.next<NewChatMessageCapInfo>("cap");
  assert.deepEqual(await program.socket.fetchNewChatMessageCap(), pushed);
  assert.deepEqual(pushed, {
    capping_status: "CAPPED",
    total_quota: 10,
    used_quota: 10,
    cycle_end_timestamp: END.toString(),
  });
  await program.disconnect();
});
