// Tests that a message key counts as reused where it encrypted another text between the same two devices.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Encrypted } from "../signal/cipher.ts";
import { MessageKeys } from "./message_keys.ts";

const COPY = { from: "shop:1", to: "ana:0", id: "A" };

/** A WhisperMessage without a sender that could have made it: version, ratchet key, counter, ciphertext, code. */
function sealed(ratchet: number, counter: number, text: string): Encrypted {
  const bytes = (field: number, content: Buffer) => [Buffer.from([field * 8 + 2, content.length]), content];
  const fields = [
    ...bytes(1, Buffer.alloc(33, ratchet)),
    Buffer.from([2 * 8, counter]),
    ...bytes(4, Buffer.from(text)),
  ];
  return { type: "msg", ciphertext: Buffer.concat([Buffer.from([0x33]), ...fields, Buffer.alloc(8)]) };
}

test("MessageKeys counts another ciphertext under the same key, each time", () => {
  const keys = new MessageKeys();
  for (const text of ["um", "dois", "três"]) keys.record({ ...COPY, id: text }, sealed(1, 7, text));
  assert.deepEqual(keys.reuses, [
    { ...COPY, id: "dois", counter: 7, first: "um" },
    { ...COPY, id: "três", counter: 7, first: "um" },
  ]);
});

test("MessageKeys counts no repeat of the same bytes", () => {
  const keys = new MessageKeys();
  for (const text of ["um", "um", "dois", "um", "dois"]) keys.record(COPY, sealed(1, 7, text));
  assert.equal(keys.reuses.length, 1);
});

test("MessageKeys tells ratchets, counters and devices apart", () => {
  const keys = new MessageKeys();
  keys.record(COPY, sealed(1, 7, "um"));
  keys.record(COPY, sealed(2, 7, "dois"));
  keys.record(COPY, sealed(1, 8, "três"));
  keys.record({ ...COPY, to: "ana:1" }, sealed(1, 7, "quatro"));
  keys.record({ ...COPY, from: "shop:2" }, sealed(1, 7, "cinco"));
  assert.deepEqual(keys.reuses, []);
});
