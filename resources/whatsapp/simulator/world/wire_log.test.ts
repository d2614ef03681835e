// Tests that the server counts messages that were on the wire twice without a retry receipt.
import assert from "node:assert/strict";
import { test } from "node:test";
import { WireLog } from "./wire_log.ts";

test("the same id to the same chat again is a repeat", () => {
  const log = new WireLog();
  for (let time = 0; time < 3; time++) {
    log.record("shop", "ana", "A");
  }
  assert.deepEqual([log.repeats, log.times("shop", "ana", "A")], [2, 3]);
});

test("the same id to another chat, or from another shop, is no repeat", () => {
  const log = new WireLog();
  log.record("shop", "ana", "A");
  log.record("shop", "bia", "A");
  log.record("other", "ana", "A");
  assert.equal(log.repeats, 0);
});

test("messages and acknowledgements are kept in order", () => {
  const log = new WireLog();
  log.record("shop", "ana", "A");
  log.acknowledged("ana", "A");
  log.record("shop", "ana", "A");
  assert.deepEqual(
    log.after(1).map(({ what, id }) => [what, id]),
    [
      ["ack", "A"],
      ["message", "A"],
    ],
  );
  assert.deepEqual(log.after(3), []);
});

test("a message that a phone requested again is no repeat, once", () => {
  const log = new WireLog();
  log.record("shop", "ana", "A");
  log.expectRepeat("shop", "ana", "A");
  log.record("shop", "ana", "A");
  assert.equal(log.repeats, 0);
  log.record("shop", "ana", "A");
  assert.equal(log.repeats, 1);
});

test("the record names each message once, in the order of the first time", () => {
  const log = new WireLog();
  log.record("shop", "bia", "1");
  log.record("shop", "ana", "2");
  log.record("shop", "bia", "1");
  assert.deepEqual(log.all(), [
    { from: "shop", to: "bia", id: "1", times: 2, token: null },
    { from: "shop", to: "ana", id: "2", times: 1, token: null },
  ]);
});
