// Tests that addresses are read and written in their four forms.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lidJid, parseJid, pnJid } from "./jids.ts";

test("an address survives being written and read", () => {
  assert.deepEqual(parseJid(pnJid("5573988880001")), { kind: "pn", user: "5573988880001", device: 0 });
  assert.deepEqual(parseJid(pnJid("5573988880001", 7)), { kind: "pn", user: "5573988880001", device: 7 });
  assert.deepEqual(parseJid(lidJid("123")), { kind: "lid", user: "123", device: 0 });
  assert.deepEqual(parseJid(lidJid("123", 2)), { kind: "lid", user: "123", device: 2 });
});

test("groups, broadcasts and the server are not addresses of a user", () => {
  for (const jid of ["1203@g.us", "status@broadcast", "@s.whatsapp.net", ""]) {
    assert.equal(parseJid(jid), undefined);
  }
});
