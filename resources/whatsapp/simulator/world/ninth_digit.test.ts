// Tests that Brazil's ninth digit leads from each form of a mobile number to the other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ninthDigitSibling } from "./ninth_digit.ts";

test("each form of a mobile number leads to the other", () => {
  assert.equal(ninthDigitSibling("5573988880001"), "557388880001");
  assert.equal(ninthDigitSibling("557388880001"), "5573988880001");
});

test("landlines and other countries have no second form", () => {
  for (const user of ["557332310000", "351912345678", "15551234567", "55739888800011"]) {
    assert.equal(ninthDigitSibling(user), undefined);
  }
});
