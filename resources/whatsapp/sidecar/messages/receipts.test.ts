// Tests of reading and acknowledging receipts.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { BinaryNode } from "baileys";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import type { AckTracker } from "./ack_tracker.ts";
import { watchAcks } from "./acks.ts";
import { messageIdsIn, receiptLevel, watchReceipts } from "./receipts.ts";

const CUSTOMER = "5573999990001@s.whatsapp.net";
const SHOP = "5573333330000@s.whatsapp.net";

function receipt(attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode {
  return { tag: "receipt", attrs: { id: "A", ...attrs }, ...(content ? { content } : {}) };
}

function level(attrs: Record<string, string>): string | undefined {
  return receiptLevel(receipt(attrs), (jid) => jid === SHOP);
}

it("a customer's receipt is delivered, read or a retry", () => {
  assert.equal(level({ from: CUSTOMER }), "delivered");
  assert.equal(level({ from: CUSTOMER, type: "inactive" }), "delivered");
  assert.equal(level({ from: "123456@lid", type: "read" }), "read");
  assert.equal(level({ from: CUSTOMER, type: "played" }), "read");
  assert.equal(level({ from: CUSTOMER, type: "retry" }), "retry");
});

it("the shop's own phone never makes a message delivered or read", () => {
  assert.equal(level({ from: SHOP }), undefined);
  assert.equal(level({ from: SHOP, type: "read" }), undefined);
  assert.equal(level({ from: SHOP, type: "read-self" }), undefined);
  assert.equal(level({ from: SHOP, type: "sender" }), "sender");
  assert.equal(level({ from: SHOP, type: "retry" }), "retry");
});

it("groups and unknown types have no level", () => {
  assert.equal(level({ from: "1-2@g.us", participant: CUSTOMER }), undefined);
  assert.equal(level({ from: CUSTOMER, type: "server-error" }), undefined);
});

it("one receipt may name several messages", () => {
  const items = ["B", "C"].map((id) => ({ tag: "item", attrs: { id } }));
  const node = receipt({ from: CUSTOMER, type: "read" }, [{ tag: "list", attrs: {}, content: items }]);
  assert.deepEqual(messageIdsIn(node), ["A", "B", "C"]);
  assert.deepEqual(messageIdsIn(receipt({ from: CUSTOMER })), ["A"]);
});

describe("Baileys gets a receipt to acknowledge", () => {
  let fake: FakeSocket;
  let tracker: AckTracker;
  let passed: (string | undefined)[];

  beforeEach(() => {
    fake = new FakeSocket(7);
    passed = [];
    fake.ws.on("CB:receipt", ({ attrs }: BinaryNode) => passed.push(attrs["id"]));
    tracker = watchAcks(fake.connection, fake.receipts, new ManualClock());
    watchReceipts(fake.connection, fake.wire, fake.receipts, tracker);
  });

  function arrives(id: string, attrs: Record<string, string> = {}, content?: BinaryNode[]): void {
    fake.ws.emit("CB:receipt", receipt({ from: CUSTOMER, ...attrs, id }, content));
  }

  async function answered(...places: number[]): Promise<(string | undefined)[]> {
    for (const place of places) fake.pendingReceipts[place]?.answer();
    await nextTick();
    return passed;
  }

  it("once Python has stored it, a retry too", async () => {
    arrives("A", { t: "1700000000" });
    arrives("B", { type: "retry" });
    assert.deepEqual(await answered(), []);
    const first = { message_id: "A", level: "delivered", code: null, at: 1_700_000_000_000 };
    assert.deepEqual(fake.pendingReceipts[0]?.receipt, first);
    assert.deepEqual(await answered(0, 1), ["A", "B"]);
  });

  it("once the message's ratchets are on disk and Python has stored it", async () => {
    let saved = (): void => undefined;
    tracker.trackKeySave("A", new Promise((resolve) => (saved = resolve)));
    arrives("A");
    arrives("B");
    assert.deepEqual(await answered(0), []);
    assert.deepEqual(
      fake.pendingReceipts.map(({ receipt: { message_id } }) => message_id),
      ["B"],
    );
    saved();
    await nextTick();
    assert.deepEqual(await answered(1), ["A", "B"]);
    arrives("A");
    assert.equal(fake.pendingReceipts.length, 3);
  });

  it("in the order of arrival, in any order of the answers", async () => {
    for (const id of ["A", "B", "C"]) arrives(id);
    assert.equal(fake.pendingReceipts.length, 3);
    assert.deepEqual(await answered(2, 1), []);
    assert.deepEqual(await answered(0), ["A", "B", "C"]);
  });

  it("not when Python could not store it, but the next one all the same", async () => {
    arrives("A");
    arrives("B");
    fake.pendingReceipts[1]?.answer();
    fake.pendingReceipts[0]?.refuse();
    assert.deepEqual(await answered(), ["B"]);
  });

  it("when all messages that it names are stored", async () => {
    const items = ["B", "C"].map((id) => ({ tag: "item", attrs: { id } }));
    arrives("A", { type: "read" }, [{ tag: "list", attrs: {}, content: items }]);
    assert.deepEqual(await answered(0, 2), []);
    assert.deepEqual(await answered(1), ["A"]);
  });

  it("at once when it concerns no message of ours", () => {
    arrives("A", { type: "server-error" });
    assert.deepEqual([passed, fake.pendingReceipts], [["A"], []]);
  });

  it("never after the connection's end", async () => {
    arrives("A");
    fake.connection.finish(null);
    arrives("B");
    assert.deepEqual(await answered(0), []);
    assert.equal(fake.pendingReceipts.length, 1);
  });
});

it("Python gets a late ack and a copy too, and may refuse them", async () => {
  const fake = new FakeSocket(7);
  const clock = new ManualClock();
  fake.connection.creds.me = { id: "5573333330000:3@s.whatsapp.net" };
  const tracker = watchAcks(fake.connection, fake.receipts, clock);
  watchReceipts(fake.connection, fake.wire, fake.receipts, tracker);
  void tracker.track("LATE", 50_000, 100);
  tracker.markWritten("LATE");
  clock.advance(100);
  fake.ws.emit("CB:ack,class:message", { tag: "ack", attrs: { id: "LATE", t: "1700000000" } });
  fake.ws.emit("CB:message", { tag: "message", attrs: { id: "COPY", from: SHOP, recipient: CUSTOMER } });
  assert.deepEqual(
    fake.pendingReceipts.map(({ receipt: { message_id, level } }) => [message_id, level]),
    [
      ["LATE", "accepted"],
      ["COPY", "copy"],
    ],
  );
  for (const { refuse } of fake.pendingReceipts) refuse();
  await nextTick();
});
