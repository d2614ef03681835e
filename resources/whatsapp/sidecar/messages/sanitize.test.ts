// Tests of sanitizing fields that customers' phones choose freely.
import assert from "node:assert/strict";
import { it } from "node:test";
import { sanitizeId, sanitizeName, sanitizeText } from "./sanitize.ts";
import { preferPhoneTime } from "./timestamps.ts";

it("keeps a text except for half surrogates and its excess length", () => {
  assert.equal(sanitizeText("Olá 👩‍🍳\0"), "Olá 👩‍🍳\0");
  assert.equal(sanitizeText("a\ud83d"), "a\ufffd");
  assert.equal(sanitizeText("a".repeat(70_000))?.length, 65_536);
  assert.equal(sanitizeText(`${"a".repeat(65_535)}👍`), `${"a".repeat(65_535)}\ufffd`);
  assert.equal(sanitizeText(null), null);
  assert.equal(sanitizeName(undefined), null);
  assert.equal(sanitizeName("n".repeat(300))?.length, 200);
});

it("replaces an odd id by a form of its own, always the same", () => {
  assert.equal(sanitizeId("3A0-b.c_D"), "3A0-b.c_D");
  for (const odd of ["", "a b", "é", "\ud800", "x".repeat(65)]) {
    assert.match(sanitizeId(odd), /^X-[0-9a-f]{40}$/);
    assert.equal(sanitizeId(odd), sanitizeId(odd));
  }
  assert.notEqual(sanitizeId("a b"), sanitizeId("a c"));
});

it("believes a phone's clock only near the server's", () => {
  assert.equal(preferPhoneTime(1_700_000_000_000, 1_700_000_000_456), 1_700_000_000_456);
  assert.equal(preferPhoneTime(1_700_000_000_000, 1_800_000_000_000), 1_700_000_000_000);
  assert.equal(preferPhoneTime(1_700_000_000_000, undefined), 1_700_000_000_000);
});
