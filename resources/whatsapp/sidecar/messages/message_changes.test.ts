// Tests of reading changes of an earlier message.
import assert from "node:assert/strict";
import { it } from "node:test";
import { proto } from "baileys";
import { readChange } from "./message_changes.ts";
import { readContent } from "./content.ts";

const { REVOKE, MESSAGE_EDIT, EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;
const { EVENT_EDIT, MESSAGE_EDIT: SECRET_EDIT } = proto.Message.SecretEncryptedMessage.SecretEncType;
const key = { id: "T", fromMe: true };

function edit(editedMessage: proto.IMessage): proto.IMessage {
  return { protocolMessage: { type: MESSAGE_EDIT, key, editedMessage, timestampMs: 1_700_000_000_123 } };
}

it("reads an edit with its new text, wrapped or not", () => {
  const read = { kind: "edit", text: "com leite", about: "T", changedAt: 1_700_000_000_123 };
  const message = edit({ extendedTextMessage: { text: "com leite" } });
  assert.deepEqual(readChange(message), read);
  assert.deepEqual(readContent({ key: {}, message: { editedMessage: { message } } }), read);
  assert.equal(readChange(edit({ imageMessage: { caption: "olha" } }))?.text, "olha");
  assert.equal(readChange(edit({ imageMessage: {} }))?.text, "");
});

it("names an edit that it cannot decrypt, and leaves out other secrets", () => {
  const secret = { targetMessageKey: key, encPayload: new Uint8Array(8), encIv: new Uint8Array(12) };
  const read = readChange({ secretEncryptedMessage: { ...secret, secretEncType: SECRET_EDIT } });
  assert.deepEqual(read, { kind: "edit", text: null, about: "T" });
  assert.equal(readChange({ secretEncryptedMessage: { ...secret, secretEncType: EVENT_EDIT } }), null);
});

it("reads a deletion, a reaction, and a reaction that is withdrawn", () => {
  assert.deepEqual(readChange({ protocolMessage: { type: REVOKE, key } }), {
    kind: "deletion",
    text: null,
    about: "T",
  });
  const reaction = { key, senderTimestampMs: 1_700_000_000_456 };
  for (const text of ["👍", ""]) {
    const read = { kind: "reaction", text, about: "T", changedAt: 1_700_000_000_456 };
    assert.deepEqual(readChange({ reactionMessage: { ...reaction, text } }), read);
  }
  assert.equal(readChange({ reactionMessage: reaction })?.text, "");
});

it("reads no change without a message id, and no other notice", () => {
  assert.equal(readChange({ protocolMessage: { type: REVOKE } }), null);
  assert.equal(readChange({ protocolMessage: { type: EPHEMERAL_SETTING, key } }), null);
  assert.equal(readChange({ protocolMessage: {} }), null);
  assert.equal(readChange({ reactionMessage: { text: "👍" } }), null);
  assert.equal(readChange({ conversation: "oi" }), undefined);
});
