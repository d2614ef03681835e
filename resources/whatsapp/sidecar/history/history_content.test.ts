// Tests of reading a history by field number, and of the reader below it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { proto } from "baileys";
import { fieldsOf } from "./fields.ts";
import { readHistoryContent } from "./history_content.ts";

const ANA = { number: "+5573988880001", lid: "4711@lid" };
const BIA = "5573988880002@s.whatsapp.net";
const TOKEN = Buffer.from("0123456789abcdef");
const { INITIAL_BOOTSTRAP } = proto.HistorySync.HistorySyncType;
const SALT = Buffer.alloc(32, 7);

function history(conversations: proto.IConversation[], rest: object = {}): Uint8Array {
  return proto.HistorySync.encode({ syncType: INITIAL_BOOTSTRAP, conversations, ...rest }).finish();
}

test("a chat's token, timer and pair are read, by its number or its account id", () => {
  const chat = {
    lidJid: ANA.lid,
    tcToken: TOKEN,
    tcTokenTimestamp: 1_750_000_000,
    tcTokenSenderTimestamp: 5,
  };
  const timer = { ephemeralExpiration: 604_800, ephemeralSettingTimestamp: 1_760_000_000 };
  const read = readHistoryContent(history([{ id: "5573988880001@s.whatsapp.net", ...chat, ...timer }]));
  assert.deepEqual(read.people, [ANA]);
  assert.deepEqual(read.timers, [{ ...ANA, seconds: 604_800, at: 1_760_000_000_000 }]);
  const [token] = read.tokens;
  assert.deepEqual([token?.timestamp, token?.senderTimestamp], [1_750_000_000, 5]);
  assert.deepEqual(Buffer.from(token?.token ?? ""), TOKEN);
  const [hidden] = readHistoryContent(history([{ id: ANA.lid, tcToken: TOKEN, tcTokenTimestamp: 9 }])).tokens;
  assert.deepEqual([hidden?.number, hidden?.lid], [null, ANA.lid]);
});

test("a timer that was turned off is read with its time, and a chat without either has none", () => {
  const chats = [{ id: BIA, ephemeralSettingTimestamp: 1_760_000_000 }, { id: ANA.lid }];
  const off = { number: "+5573988880002", lid: null, seconds: 0, at: 1_760_000_000_000 };
  assert.deepEqual(readHistoryContent(history(chats)).timers, [off]);
});

test("milliseconds are read as seconds, and a token without a time is none", () => {
  const { tokens } = readHistoryContent(
    history([
      { id: BIA, tcToken: TOKEN, tcTokenTimestamp: 1_750_000_000_123 },
      { id: BIA, tcToken: TOKEN },
      { id: BIA, tcTokenSenderTimestamp: 77 },
    ]),
  );
  assert.deepEqual(
    tokens.map(({ timestamp, token, senderTimestamp }) => [timestamp, token.length, senderTimestamp]),
    [
      [1_750_000_000, 16, undefined],
      [0, 0, 77],
    ],
  );
});

test("pairs come from the list too, groups and broken addresses are left out", () => {
  const phoneNumberToLidMappings = [
    { pnJid: "5573988880001@s.whatsapp.net", lidJid: "4711:3@lid" },
    { pnJid: "x", lidJid: "y@lid" },
  ];
  const groups = [{ id: "1203630@g.us", tcToken: TOKEN, tcTokenTimestamp: 5 }, { id: "x".repeat(500) }];
  const { people, tokens } = readHistoryContent(history(groups, { phoneNumberToLidMappings }));
  assert.deepEqual(people, [ANA]);
  assert.deepEqual(tokens, []);
});

test("the salt is read from the field that Baileys' proto does not know, and an empty one is none", () => {
  const salted = Buffer.concat([history([]), Buffer.from([0x9a, 0x01, SALT.length]), SALT]);
  assert.deepEqual(Buffer.from(readHistoryContent(salted).salt ?? ""), SALT);
  assert.equal(readHistoryContent(Buffer.concat([history([]), Buffer.from([0x9a, 0x01, 0])])).salt, null);
});

test("no text of a history becomes a string", () => {
  const text = Buffer.from([0xff, 0xfe, 0xfd]);
  const messages = Buffer.concat([Buffer.from([0x12, text.length]), text]);
  const conversation = Buffer.concat([Buffer.from([0x0a, BIA.length]), Buffer.from(BIA), messages]);
  const bytes = Buffer.concat([Buffer.from([0x12, conversation.length]), conversation]);
  assert.deepEqual(readHistoryContent(bytes).people, [{ number: "+5573988880002", lid: null }]);
});

test("fields of every wire type are passed over, and broken bytes are refused", () => {
  const bytes = Buffer.from([0x08, 0x96, 0x01, 0x11, 1, 2, 3, 4, 5, 6, 7, 8, 0x1d, 1, 2, 3, 4, 0x22, 1, 9]);
  assert.deepEqual(
    [...fieldsOf(bytes)].map(({ number, value }) => [number, typeof value === "number" ? value : [...value]]),
    [
      [1, 150],
      [4, [9]],
    ],
  );
  for (const broken of ["08", "0896", "1105", "22ff", "2205", "0b", "ffffffffffffffffffffff01"])
    assert.throws(() => [...fieldsOf(Buffer.from(broken, "hex"))], broken);
});
