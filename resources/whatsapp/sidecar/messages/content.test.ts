// Promises about reading what customers write.
import assert from "node:assert/strict";
import { it } from "node:test";
import { proto, type WAMessage } from "baileys";
import { readContent } from "./content.ts";

function read(message: proto.IMessage | null): ReturnType<typeof readContent> {
  return readContent({ key: { id: "A" }, message });
}

it("finds the text wherever WhatsApp puts it", () => {
  const text = { kind: "text", text: "SAIR" };
  assert.deepEqual(read({ conversation: "SAIR" }), text);
  assert.deepEqual(read({ extendedTextMessage: { text: "SAIR" } }), text);
  assert.deepEqual(read({ ephemeralMessage: { message: { extendedTextMessage: { text: "SAIR" } } } }), text);
  assert.deepEqual(read({ ephemeralMessage: { message: { conversation: "SAIR" } } }), text);
});

it("names what is not a text, and keeps a caption", () => {
  assert.deepEqual(read({ imageMessage: { caption: "olha" } }), { kind: "image", text: "olha" });
  assert.deepEqual(read({ audioMessage: {} }), { kind: "audio", text: null });
  assert.deepEqual(read({ stickerMessage: {} }), { kind: "sticker", text: null });
  assert.deepEqual(read({ reactionMessage: { text: "👍" } }), { kind: "reaction", text: "👍" });
  assert.deepEqual(read({ locationMessage: {} }), { kind: "other", text: null });
});

it("says that a message could not be read", () => {
  const stub = { key: {}, messageStubType: proto.WebMessageInfo.StubType.CIPHERTEXT } as WAMessage;
  assert.deepEqual(readContent(stub), { kind: "unreadable", text: null });
});

it("leaves out what nobody wrote", () => {
  assert.equal(read(null), null);
  assert.equal(read({ protocolMessage: {} }), null);
  assert.equal(read({ senderKeyDistributionMessage: {}, messageContextInfo: {} }), null);
});
