// Tests how addresses are read into numbers and account ids, and what a username may be.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lidOfJid, numberOfJid, sanitizeUsername } from "./account_ids.ts";

test("lidOfJid strips device and host, and takes nothing else for an account id", () => {
  for (const jid of ["4711@lid", "4711:7@lid", "4711@hosted.lid", "4711:99@hosted.lid"])
    assert.equal(lidOfJid(jid), "4711@lid", jid);
  for (const jid of [
    "5573988880001@s.whatsapp.net",
    "@lid",
    "0@lid",
    "4711_1@lid",
    "ana@lid",
    "4711@lid ",
    "",
  ])
    assert.equal(lidOfJid(jid), null, jid);
  assert.equal(lidOfJid(undefined), null);
  assert.equal(lidOfJid(`${"9".repeat(21)}@lid`), null);
});

test("numberOfJid strips device and host, and takes nothing else for a number", () => {
  for (const jid of [
    "5573988880001@s.whatsapp.net",
    "5573988880001:7@s.whatsapp.net",
    "5573988880001:99@hosted",
  ])
    assert.equal(numberOfJid(jid), "+5573988880001", jid);
  for (const jid of ["4711@lid", "0@s.whatsapp.net", "123@s.whatsapp.net", "5573988880001@g.us", ""])
    assert.equal(numberOfJid(jid), null, jid);
});

test("sanitizeUsername leaves out what imitates a number or has another form", () => {
  assert.equal(sanitizeUsername("Ana.Acai_1"), "ana.acai_1");
  for (const text of [
    "5573988880001",
    "+5573988880001",
    "an",
    "a".repeat(31),
    "ana açaí",
    "4711@lid",
    "a\nb",
    "",
  ])
    assert.equal(sanitizeUsername(text), null, text);
  assert.equal(sanitizeUsername(undefined), null);
});
