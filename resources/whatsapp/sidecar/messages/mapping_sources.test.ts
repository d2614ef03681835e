// Tests which stanzas name a pair of number and account id.
import assert from "node:assert/strict";
import { test } from "node:test";
import { proto, type BinaryNode } from "baileys";
import { mappingInMessage, mappingsInReceipt, mappingsInUsync, SentNumbers } from "./mapping_sources.ts";
import { mappingsInMigration } from "./migration_mappings.ts";

const ANA = "5573988880001@s.whatsapp.net";
const PAIR = { number: "+5573988880001", lid: "4711@lid", username: null, live: true };

function message(attrs: BinaryNode["attrs"]): BinaryNode {
  return { tag: "message", attrs: { id: "A", ...attrs } };
}

test("a message names the pair in either form, and the username", () => {
  assert.deepEqual(
    mappingInMessage(message({ from: "5573988880001:7@s.whatsapp.net", sender_lid: "4711:7@lid" })),
    PAIR,
  );
  assert.deepEqual(mappingInMessage(message({ from: "4711:99@hosted.lid", sender_pn: ANA })), PAIR);
  assert.deepEqual(mappingInMessage(message({ from: "4711@lid", username: "ana.acai" })), {
    ...PAIR,
    number: null,
    username: "ana.acai",
  });
  assert.deepEqual(mappingInMessage(message({ from: "4711@lid", sender_pn: "ana", username: "4711" })), {
    ...PAIR,
    number: null,
  });
  const own = { from: "5573333330000@s.whatsapp.net", recipient: ANA, peer_recipient_lid: "4711@lid" };
  assert.deepEqual(mappingInMessage(message(own)), PAIR);
});

test("a message of a group, or with an account id of another form, names none", () => {
  for (const attrs of [
    { from: "120363@g.us", participant: "4711@lid", participant_pn: ANA },
    { from: ANA },
    { from: ANA, sender_lid: ANA },
    { from: ANA, sender_lid: "4711_2@lid" },
  ])
    assert.equal(mappingInMessage(message(attrs)), null);
});

test("a receipt names a pair when an account id sends it for a text to a number", () => {
  const sent = new SentNumbers();
  sent.add("A", ANA);
  sent.add("B", "99@lid");
  const receipt = (attrs: BinaryNode["attrs"]): BinaryNode => ({ tag: "receipt", attrs });
  assert.deepEqual(mappingsInReceipt(receipt({ id: "A", from: "4711:3@lid" }), sent), [PAIR]);
  for (const attrs of [
    { id: "B", from: "4711@lid" },
    { id: "C", from: "4711@lid" },
    { id: "A", from: ANA },
    { id: "A", from: "120363@g.us", participant: "4711@lid" },
    { id: "A", from: "4711@lid", participant: "4712@lid" },
  ])
    assert.deepEqual(mappingsInReceipt(receipt(attrs), sent), []);
});

test("an answer to usync names the pairs of those numbers that have an account id", () => {
  const user = (jid: string, lid?: string): BinaryNode => ({
    tag: "user",
    attrs: { jid },
    content: lid === undefined ? [] : [{ tag: "lid", attrs: { val: lid } }],
  });
  const list = [user(ANA, "4711@lid"), user("5573988880002@s.whatsapp.net"), user("99@lid", "99@lid")];
  const usync = { tag: "usync", attrs: {}, content: [{ tag: "list", attrs: {}, content: list }] };
  assert.deepEqual(mappingsInUsync({ tag: "iq", attrs: {}, content: [usync] }), [PAIR]);
  assert.deepEqual(mappingsInUsync({ tag: "iq", attrs: { type: "error" } }), []);
});

test("migrated chats name pairs that may be out of date, and broken ones none", () => {
  const migration = (encodedMappingPayload: Uint8Array): proto.Message.IProtocolMessage => ({
    lidMigrationMappingSyncMessage: { encodedMappingPayload },
  });
  const payload = proto.LIDMigrationMappingSyncPayload.encode({
    pnToLidMappings: [{ pn: 5573988880001, assignedLid: 1, latestLid: 4711 }],
  }).finish();
  assert.deepEqual(mappingsInMigration(migration(payload)), [{ ...PAIR, live: false }]);
  assert.deepEqual(mappingsInMigration(migration(Buffer.from("not a list"))), []);
  assert.deepEqual(mappingsInMigration({}), []);
});
