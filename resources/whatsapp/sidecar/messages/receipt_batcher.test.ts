// Tests of the receipt batcher.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { Wire } from "../protocol/wire.ts";
import { nextTick } from "../testing/fake_socket.ts";
import { flushReceiptsFirst, ReceiptBatcher, type Receipt } from "./receipt_batcher.ts";

let sent: string[];
let answers: ((kept: boolean[] | null) => void)[];
let batcher: ReceiptBatcher;
let wire: Wire;

beforeEach(() => {
  sent = [];
  answers = [];
  const request = (method: string, params: { receipts?: Receipt[] }): Promise<unknown> => {
    sent.push(params.receipts?.map(({ message_id }) => message_id).join("") ?? method);
    return new Promise((resolve, reject) => {
      answers.push((kept) => {
        if (kept) resolve({ kept });
        else reject(new Error("busy"));
      });
    });
  };
  wire = { request, emit: (event: string) => sent.push(event) } as unknown as Wire;
  batcher = new ReceiptBatcher(wire);
});

const keep = (id: string): Promise<boolean> =>
  batcher.record({ message_id: id, level: "read", code: null, at: 1 });

async function answer(...kept: boolean[]): Promise<void> {
  answers.shift()?.(kept);
  await nextTick();
}

it("receipts that come together or during a request go in one request", async () => {
  const heard = [keep("A"), keep("B")];
  await nextTick();
  heard.push(keep("C"), keep("D"), keep("E"));
  await nextTick();
  assert.deepEqual(sent, ["AB"]);
  await answer(true, false);
  await answer(true, true, true);
  assert.deepEqual(sent, ["AB", "CDE"]);
  assert.deepEqual(await Promise.all(heard), [true, false, true, true, true]);
});

it("many receipts are sent in batches", async () => {
  for (let number = 0; number < 20; number += 1) void keep("x");
  await nextTick();
  await answer(...Array<boolean>(16).fill(true));
  assert.deepEqual(
    sent.map((ids) => ids.length),
    [16, 4],
  );
});

it("no receipt is stored when Python refuses or answers for too few", async () => {
  const heard = [keep("A")];
  await nextTick();
  heard.push(keep("B"), keep("C"));
  answers.shift()?.(null);
  await nextTick();
  await answer(true);
  assert.deepEqual(await Promise.all(heard), [false, true, false]);
});

it("events and inbound messages do not overtake earlier receipts", async () => {
  const wrapped = flushReceiptsFirst(batcher, wire);
  void keep("A");
  await nextTick();
  void keep("B");
  wrapped.emit("connection", {
    generation: 1,
    state: "drained",
    code: null,
    cause: null,
    expires_in_s: null,
    account: null,
  });
  void keep("C");
  void wrapped.request("inbound", {} as never);
  void wrapped.request("keys.get", {} as never);
  assert.deepEqual(sent, ["A", "B", "connection", "C", "inbound", "keys.get"]);
  await nextTick();
  assert.equal(sent.length, 6);
});
