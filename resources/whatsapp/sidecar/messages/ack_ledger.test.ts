// Promises of the ack ledger.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import { ManualClock } from "../testing/manual_clock.ts";
import { AckLedger, type Ack } from "./ack_ledger.ts";
import { readAck } from "./acks.ts";

let clock: ManualClock;
let late: Ack[];
let ledger: AckLedger;

beforeEach(() => {
  clock = new ManualClock();
  late = [];
  ledger = new AckLedger(clock, (ack) => late.push(ack));
});

const ok = (messageId: string): Ack => ({ messageId, refused: false, code: null, at: 5000 });
const nack = (messageId: string, code: number): Ack => ({ messageId, refused: true, code, at: 5000 });

describe("a written message", () => {
  it("is accepted by an ack without an error, and its timer is put away", async () => {
    const word = ledger.track("A", 1000);
    ledger.written("A");
    ledger.acked(ok("A"));
    assert.deepEqual(await word, { outcome: "accepted", at: 5000 });
    assert.equal(clock.waiting, 0);
    assert.equal(ledger.isInFlight("A"), false);
  });

  it("is rejected by an ack with an error, by its kind", async () => {
    const kinds = new Map([
      [463, "restricted"],
      [479, "stale_session"],
      [429, "rate_limited"],
      [400, "refused"],
    ]);
    for (const [code, kind] of kinds) {
      const word = ledger.track("A", 1000);
      ledger.written("A");
      ledger.acked(nack("A", code));
      assert.deepEqual(await word, { outcome: "rejected", kind, code, written: true });
    }
  });

  it("is in doubt when the ack does not come in time", async () => {
    const word = ledger.track("A", 1000);
    clock.pass(5000);
    ledger.written("A");
    clock.pass(999);
    assert.equal(ledger.isInFlight("A"), true);
    clock.pass(1);
    assert.deepEqual(await word, { outcome: "in_doubt", reason: "ack_timeout" });
  });

  it("is in doubt when the socket closes", async () => {
    const word = ledger.track("A", 1000);
    ledger.written("A");
    ledger.socketClosed();
    assert.deepEqual(await word, { outcome: "in_doubt", reason: "socket_closed" });
    assert.equal(clock.waiting, 0);
  });

  it("is not rejected by a failure after its write", async () => {
    const word = ledger.track("A", 1000);
    ledger.written("A");
    ledger.notWritten("A", "transient");
    ledger.acked(ok("A"));
    assert.deepEqual(await word, { outcome: "accepted", at: 5000 });
  });
});

describe("a message not yet written", () => {
  it("is rejected when the socket closes", async () => {
    const word = ledger.track("A", 1000);
    ledger.socketClosed();
    assert.deepEqual(await word, { outcome: "rejected", kind: "not_connected", code: null, written: false });
  });

  it("is rejected with the reason it could not be written for", async () => {
    const word = ledger.track("A", 1000);
    ledger.notWritten("A", "rate_limited", 429);
    assert.deepEqual(await word, { outcome: "rejected", kind: "rate_limited", code: 429, written: false });
  });
});

describe("a late ack", () => {
  it("is told once, whatever it says", async () => {
    for (const ack of [ok("A"), nack("A", 463)]) {
      late.length = 0;
      const word = ledger.track("A", 1000);
      ledger.written("A");
      clock.pass(1000);
      await word;
      ledger.acked(ack);
      ledger.acked(ack);
      assert.deepEqual(late, [ack]);
    }
  });

  it("is not told for a message that was settled or never ours", async () => {
    const word = ledger.track("A", 1000);
    ledger.written("A");
    ledger.acked(ok("A"));
    await word;
    ledger.acked(nack("A", 479));
    ledger.acked(ok("B"));
    assert.deepEqual(late, []);
  });

  it("settles a new try of the same id", async () => {
    const first = ledger.track("A", 1000);
    ledger.written("A");
    clock.pass(1000);
    await first;
    const second = ledger.track("A", 1000);
    ledger.written("A");
    ledger.acked(ok("A"));
    assert.equal((await second).outcome, "accepted");
    assert.deepEqual(late, []);
  });
});

describe("an ack stanza", () => {
  it("is read with its code and its moment", () => {
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
