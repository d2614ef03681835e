// Promises about what customers' phones chose freely.
import assert from "node:assert/strict";
import { it } from "node:test";
import { fitId, fitName, fitText } from "./fit.ts";
import { finer } from "./moment.ts";

it("leaves a text as it is, but for halves of signs and its length", () => {
  assert.equal(fitText("Olá 👩‍🍳\0"), "Olá 👩‍🍳\0");
  assert.equal(fitText("a\ud83d"), "a\ufffd");
  assert.equal(fitText("a".repeat(70_000))?.length, 65_536);
  assert.equal(fitText(`${"a".repeat(65_535)}👍`), `${"a".repeat(65_535)}\ufffd`);
  assert.equal(fitText(null), null);
  assert.equal(fitName(undefined), null);
  assert.equal(fitName("n".repeat(300))?.length, 200);
});

it("gives an odd id a form of its own, always the same", () => {
  assert.equal(fitId("3A0-b.c_D"), "3A0-b.c_D");
  for (const odd of ["", "a b", "é", "\ud800", "x".repeat(65)]) {
    assert.match(fitId(odd), /^X-[0-9a-f]{40}$/);
    assert.equal(fitId(odd), fitId(odd));
  }
  assert.notEqual(fitId("a b"), fitId("a c"));
});

it("believes a phone's clock only near the server's", () => {
  assert.equal(finer(1_700_000_000_000, 1_700_000_000_456), 1_700_000_000_456);
  assert.equal(finer(1_700_000_000_000, 1_800_000_000_000), 1_700_000_000_000);
  assert.equal(finer(1_700_000_000_000, undefined), 1_700_000_000_000);
});
