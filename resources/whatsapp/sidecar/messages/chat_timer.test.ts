// Tests of reading the disappearing-messages timer of a chat from its messages.
import assert from "node:assert/strict";
import { it } from "node:test";
import { proto, type BinaryNode, type WAMessage, type WASocket } from "baileys";
import { chatTimerIn } from "./chat_timer.ts";

const { EPHEMERAL_SETTING, REVOKE } = proto.Message.ProtocolMessage.Type;
const ANA = "5573999990001@s.whatsapp.net";
const LID = "1000@lid";
const PHONE = "5573333330000@s.whatsapp.net";
const DAY = 86_400;
const SOCK = {
  authState: { creds: { me: { id: "5573333330000:2@s.whatsapp.net" } } },
} as unknown as WASocket;

function written(content: proto.IMessage, key: object = {}, at: unknown = 5): WAMessage {
  // As it comes from the wire: a missing field has the prototype's default.
  const message = proto.Message.decode(proto.Message.encode(content).finish());
  return { key: { remoteJid: ANA, remoteJidAlt: LID, ...key }, message, messageTimestamp: at } as WAMessage;
}

const seconds = (content: proto.IMessage): number | undefined => chatTimerIn(SOCK, written(content))?.seconds;
const from = (jid: string): BinaryNode => ({ tag: "message", attrs: { from: jid } });
const timed = (expiration: number): proto.IMessage => ({
  extendedTextMessage: { text: "Oi", contextInfo: { expiration } },
});
const setting = (ephemeralExpiration?: number): proto.IMessage => ({
  protocolMessage: {
    type: EPHEMERAL_SETTING,
    ...(ephemeralExpiration !== undefined && { ephemeralExpiration }),
  },
});

it("a message with a time of its own tells the timer, whatever it is and however it is wrapped", () => {
  assert.deepEqual(
    [timed(DAY), timed(0), { imageMessage: { contextInfo: { expiration: DAY } } }].map(seconds),
    [DAY, 0, DAY],
  );
  assert.equal(seconds({ ephemeralMessage: { message: timed(DAY) } }), DAY);
  assert.deepEqual([setting(DAY), setting(0), setting()].map(seconds), [DAY, 0, 0]);
});

it("a message that says nothing of a timer tells none", () => {
  const silent: proto.IMessage[] = [
    { conversation: "Oi" },
    { extendedTextMessage: { text: "Oi" } },
    { extendedTextMessage: { text: "Oi", contextInfo: { stanzaId: "A" } } },
    { protocolMessage: { type: REVOKE, key: { id: "A" } } },
    { reactionMessage: { text: "x" } },
    {},
  ];
  assert.deepEqual(
    silent.map(seconds),
    silent.map(() => undefined),
  );
  assert.equal(seconds(timed(2 ** 31)), undefined);
});

it("a timer is of the customer's addresses and of the server's moment", () => {
  assert.deepEqual(chatTimerIn(SOCK, written(timed(DAY))), {
    number: "+5573999990001",
    lid: LID,
    seconds: DAY,
    at: 5000,
  });
  const hidden = written(timed(DAY), { remoteJid: LID, remoteJidAlt: undefined });
  assert.deepEqual(chatTimerIn(SOCK, hidden), { number: null, lid: LID, seconds: DAY, at: 5000 });
  for (const at of ["soon", NaN, 0]) assert.equal(chatTimerIn(SOCK, written(timed(DAY), {}, at)), null);
});

it("no timer is read in a group, or from another program of the shop", () => {
  assert.equal(chatTimerIn(SOCK, written(timed(DAY), { remoteJid: "1203@g.us" })), null);
  const copy = written(
    { deviceSentMessage: { destinationJid: ANA, message: timed(DAY) } },
    { fromMe: true, remoteJidAlt: "9999@lid" },
  );
  assert.deepEqual(chatTimerIn(SOCK, copy, from(PHONE)), {
    number: "+5573999990001",
    lid: null,
    seconds: DAY,
    at: 5000,
  });
  assert.equal(chatTimerIn(SOCK, copy, from("5573333330000:7@s.whatsapp.net")), null);
  assert.equal(chatTimerIn(SOCK, copy), null);
});
