// Tests of the restrictions of an account.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { watchRestrictions } from "./restrictions.ts";

const END = 2_000_000_000_000;
let fake: FakeSocket;

beforeEach(() => {
  fake = new FakeSocket(7);
  watchRestrictions(fake.connection);
});

const restriction = (kind: string, told: object): unknown[] => [
  "restriction",
  { generation: 7, kind, until: null, used: null, total: null, ...told },
];

it("emits a time lock with its end, and that it is lifted", () => {
  fake.ev.emit("connection.update", {
    reachoutTimeLock: { isActive: true, timeEnforcementEnds: new Date(END) },
  });
  fake.ev.emit("connection.update", { reachoutTimeLock: { isActive: false } });
  assert.deepEqual(fake.emitted, [
    restriction("time_lock", { active: true, until: END }),
    restriction("time_lock", { active: false }),
  ]);
});

it("emits the quota of new chats, that it is reached, and its end", () => {
  const cap = { cycle_end_timestamp: "2000000000", total_quota: 10 };
  fake.ev.emit("message-capping.update", { ...cap, used_quota: 7, capping_status: "FIRST_WARNING" });
  fake.ev.emit("message-capping.update", { ...cap, used_quota: "10", capping_status: "CAPPED" });
  fake.ev.emit("message-capping.update", { capping_status: "NONE" });
  assert.deepEqual(fake.emitted, [
    restriction("new_chat_cap", { active: false, until: END, used: 7, total: 10 }),
    restriction("new_chat_cap", { active: true, until: END, used: 10, total: 10 }),
    restriction("new_chat_cap", { active: false }),
  ]);
});

it("emits null for a figure that is not a number", () => {
  const odd = { used_quota: -1, total_quota: "many", cycle_end_timestamp: "" };
  fake.ev.emit("message-capping.update", { ...odd, capping_status: "CAPPED" });
  fake.ev.emit("message-capping.update", { cycle_end_timestamp: "9007199254740991" });
  assert.deepEqual(fake.emitted, [
    restriction("new_chat_cap", { active: true }),
    restriction("new_chat_cap", { active: false }),
  ]);
});

it("fetches changes once the connection is open, and needs no answer", async () => {
  fake.cap = { capping_status: "CAPPED", used_quota: 3, total_quota: 3 };
  fake.ev.emit("connection.update", { connection: "open" });
  await nextTick();
  assert.deepEqual(fake.emitted, [restriction("new_chat_cap", { active: true, used: 3, total: 3 })]);
  fake.cap = undefined;
  fake.ev.emit("connection.update", { connection: "open" });
  await nextTick();
  assert.deepEqual([fake.timeLockQueries, fake.emitted.length], [2, 1]);
});
