// Tests of the ack tracker.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ManualClock } from "../testing/manual_clock.ts";
import { AckTracker, type Ack } from "./ack_tracker.ts";
import { readAck } from "./acks.ts";

let clock: ManualClock;
let late: Ack[];
let tracker: AckTracker;

beforeEach(() => {
  clock = new ManualClock();
  late = [];
  tracker = new AckTracker(clock, (ack) => late.push(ack));
});

const ok = (messageId: string): Ack => ({ messageId, refused: false, code: null, at: 5000 });
const nack = (messageId: string, code: number): Ack => ({ messageId, refused: true, code, at: 5000 });

describe("a written message", () => {
  it("is accepted by an ack without an error, and its timer is cancelled", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    tracker.markWritten("A");
    tracker.settleByAck(ok("A"));
    assert.deepEqual(await word, { outcome: "accepted", at: 5000 });
    assert.equal(clock.pendingTimers, 0);
    assert.equal(tracker.isInFlight("A"), false);
  });

  it("is rejected by an ack with an error, by its kind", async () => {
    const kinds = new Map([
      [463, "restricted"],
      [479, "stale_session"],
      [429, "rate_limited"],
      [400, "refused"],
    ]);
    for (const [code, kind] of kinds) {
      const word = tracker.track("A", 10_000, 1000).outcome;
      tracker.markWritten("A");
      tracker.settleByAck(nack("A", code));
      assert.deepEqual(await word, { outcome: "rejected", kind, code, written: true });
    }
  });

  it("is in doubt when the ack does not come in time", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    clock.advance(5000);
    tracker.markWritten("A");
    clock.advance(999);
    assert.equal(tracker.isInFlight("A"), true);
    clock.advance(1);
    assert.deepEqual(await word, { outcome: "in_doubt", reason: "ack_timeout" });
  });

  it("is in doubt when the socket closes", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    tracker.markWritten("A");
    tracker.settleOnClose();
    assert.deepEqual(await word, { outcome: "in_doubt", reason: "socket_closed" });
    assert.equal(clock.pendingTimers, 0);
  });

  it("is not rejected by a failure after its write", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    tracker.markWritten("A");
    tracker.rejectUnwritten("A", "transient");
    tracker.settleByAck(ok("A"));
    assert.deepEqual(await word, { outcome: "accepted", at: 5000 });
  });
});

describe("a message not yet written", () => {
  it("is rejected when the socket closes", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    tracker.settleOnClose();
    assert.deepEqual(await word, { outcome: "rejected", kind: "not_connected", code: null, written: false });
  });

  it("is rejected with the reason it could not be written for", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    tracker.rejectUnwritten("A", "rate_limited", 429);
    assert.deepEqual(await word, { outcome: "rejected", kind: "rate_limited", code: 429, written: false });
  });
});

it("a message not written in time is too late, and another try under its id is another attempt", async () => {
  const first = tracker.track("A", 500, 1000);
  clock.advance(500);
  assert.deepEqual(await first.outcome, {
    outcome: "rejected",
    kind: "too_late",
    code: null,
    written: false,
  });
  const second = tracker.track("A", 2000, 1000);
  assert.deepEqual([first.isOver(), second.isOver()], [true, false]);
  tracker.markWritten("A");
  clock.advance(999);
  assert.equal(second.isOver(), false);
  tracker.settleByAck(ok("A"));
  assert.deepEqual([(await second.outcome).outcome, second.isOver()], ["accepted", true]);
  assert.equal(clock.pendingTimers, 0);
});

describe("a late ack", () => {
  it("is reported once, accepted or refused", async () => {
    for (const ack of [ok("A"), nack("A", 463)]) {
      late.length = 0;
      const word = tracker.track("A", 10_000, 1000).outcome;
      tracker.markWritten("A");
      clock.advance(1000);
      await word;
      tracker.settleByAck(ack);
      tracker.settleByAck(ack);
      assert.deepEqual(late, [ack]);
    }
  });

  it("is not reported for a message that was settled or never ours", async () => {
    const word = tracker.track("A", 10_000, 1000).outcome;
    tracker.markWritten("A");
    tracker.settleByAck(ok("A"));
    await word;
    tracker.settleByAck(nack("A", 479));
    tracker.settleByAck(ok("B"));
    assert.deepEqual(late, []);
  });

  it("settles a new attempt under the same id", async () => {
    const first = tracker.track("A", 10_000, 1000).outcome;
    tracker.markWritten("A");
    clock.advance(1000);
    await first;
    const second = tracker.track("A", 10_000, 1000).outcome;
    tracker.markWritten("A");
    tracker.settleByAck(ok("A"));
    assert.equal((await second).outcome, "accepted");
    assert.deepEqual(late, []);
  });
});

describe("an ack stanza", () => {
  it("is read with its code and its timestamp", () => {
    const attrs = { class: "message", id: "A", t: "1700000000" };
    assert.deepEqual(readAck({ tag: "ack", attrs }), {
      messageId: "A",
      refused: false,
      code: null,
      at: 1_700_000_000_000,
    });
    const refused = readAck({ tag: "ack", attrs: { ...attrs, error: "463" } });
    assert.deepEqual([refused.refused, refused.code], [true, 463]);
    const odd = readAck({ tag: "ack", attrs: { ...attrs, error: "odd" } });
    assert.deepEqual([odd.refused, odd.code], [true, null]);
  });
});
