// Tests which messages hold a history's notice: of the shop's own phone alone, and of kinds that hold chats.
import assert from "node:assert/strict";
import { test } from "node:test";
import { proto, type BinaryNode, type WAMessage, type WASocket } from "baileys";
import { historyNoticeIn, openNotice } from "./history_notice.ts";

const ME = { id: "5573333330000:2@s.whatsapp.net", lid: "4711:2@lid" };
const { INITIAL_BOOTSTRAP, PUSH_NAME, ON_DEMAND, RECENT } = proto.Message.HistorySyncType;
const sock = { authState: { creds: { me: ME } } } as unknown as WASocket;

function noticeIn(attrs: object, notice: proto.Message.IHistorySyncNotification = { syncType: RECENT }) {
  const stanza: BinaryNode = {
    tag: "message",
    attrs: { from: "5573333330000@s.whatsapp.net", category: "peer", ...attrs },
  };
  const message = { message: { protocolMessage: { historySyncNotification: notice } } } as WAMessage;
  return historyNoticeIn(sock, stanza, message);
}

test("a notice of the own phone is kept and opens again", () => {
  const path = { syncType: RECENT, directPath: "/x", mediaKey: Buffer.alloc(32, 1) };
  const opened = openNotice(noticeIn({}, path) ?? "");
  assert.deepEqual([opened.directPath, opened.syncType], ["/x", RECENT]);
  assert.notEqual(noticeIn({ from: "4711@lid" }), null);
  assert.notEqual(noticeIn({}, { syncType: INITIAL_BOOTSTRAP }), null);
});

test("a notice of another device, of a customer or of another category is not taken", () => {
  for (const attrs of [
    { from: "5573333330000:3@s.whatsapp.net" },
    { from: "4711:3@lid" },
    { from: "5573988880001@s.whatsapp.net" },
    { from: "1203630@g.us", participant: "5573333330000@s.whatsapp.net" },
    { category: "" },
    { category: undefined },
  ])
    assert.equal(noticeIn(attrs), null, JSON.stringify(attrs));
});

test("names, requested messages and what is too long for the wire are not taken", () => {
  assert.equal(noticeIn({}, { syncType: PUSH_NAME }), null);
  assert.equal(noticeIn({}, { syncType: ON_DEMAND }), null);
  const payload = Buffer.alloc(2 * 1024 * 1024);
  assert.equal(noticeIn({}, { syncType: RECENT, initialHistBootstrapInlinePayload: payload }), null);
  const empty = { message: { conversation: "oi" } } as WAMessage;
  assert.equal(historyNoticeIn(sock, { tag: "message", attrs: { category: "peer" } }, empty), null);
});
