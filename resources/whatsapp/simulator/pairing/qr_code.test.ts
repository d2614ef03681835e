// Tests of reading a QR code, with and without the URL in front of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readQrCode } from "./qr_code.ts";

const key = (byte: number): string => Buffer.alloc(32, byte).toString("base64");
const FIELDS = ["2@reference", key(1), key(2), key(3)].join(",");

test("the fields are found behind the URL, and without it", () => {
  for (const text of [FIELDS, `${FIELDS},1`, `https://wa.me/settings/linked_devices#${FIELDS},1`]) {
    const qr = readQrCode(text);
    assert.equal(qr?.reference, "2@reference");
    assert.deepEqual(qr.advSecret, Buffer.alloc(32, 3));
  }
});

test("a text that lacks a field or holds a short key is no QR code", () => {
  for (const text of ["", "2@reference", `2@reference,${key(1)},${key(2)},c2hvcnQ=`]) {
    assert.equal(readQrCode(text), undefined);
  }
});
