// Tests of reading customers' messages.
import assert from "node:assert/strict";
import { it } from "node:test";
import { proto, type WAMessage } from "baileys";
import { readContent } from "./content.ts";

function read(message: proto.IMessage | null): ReturnType<typeof readContent> {
  return readContent({ key: { id: "A" }, message });
}

it("finds the text wherever WhatsApp puts it", () => {
  const text = { kind: "text", text: "SAIR", about: null };
  assert.deepEqual(read({ conversation: "SAIR" }), text);
  assert.deepEqual(read({ extendedTextMessage: { text: "SAIR" } }), text);
  assert.deepEqual(read({ ephemeralMessage: { message: { extendedTextMessage: { text: "SAIR" } } } }), text);
  assert.deepEqual(read({ ephemeralMessage: { message: { conversation: "SAIR" } } }), text);
});

it("names content other than a text, and keeps a caption", () => {
  assert.deepEqual(read({ imageMessage: { caption: "olha" } }), { kind: "image", text: "olha", about: null });
  assert.deepEqual(read({ audioMessage: {} }), { kind: "audio", text: null, about: null });
  assert.deepEqual(read({ stickerMessage: {} }), { kind: "sticker", text: null, about: null });
  assert.deepEqual(read({ locationMessage: {} }), { kind: "other", text: null, about: null });
  assert.deepEqual(read({ pollCreationMessageV3: { name: "?" } }), {
    kind: "other",
    text: null,
    about: null,
  });
});

it("reads the words that a button or a list put into the chat", () => {
  const text = { kind: "text", text: "Sair", about: null };
  assert.deepEqual(read({ buttonsResponseMessage: { selectedDisplayText: "Sair" } }), text);
  assert.deepEqual(read({ listResponseMessage: { title: "Sair" } }), text);
});

it("says that a message could not be read", () => {
  const stub = { key: {}, messageStubType: proto.WebMessageInfo.StubType.CIPHERTEXT } as WAMessage;
  assert.deepEqual(readContent(stub), { kind: "unreadable", text: null, about: null });
});

it("is unreadable when the phone withholds the content", () => {
  assert.equal(read({ placeholderMessage: {} })?.kind, "unreadable");
});

it("leaves out content without an author", () => {
  assert.equal(read({ albumMessage: { expectedImageCount: 3 } }), null);
  assert.equal(read({ pinInChatMessage: { key: { id: "T" } } }), null);
  assert.equal(read({ keepInChatMessage: { key: { id: "T" } } }), null);
  assert.equal(read({ pollUpdateMessage: {} }), null);
  assert.equal(read({ encReactionMessage: {} }), null);
  assert.equal(read({ callLogMesssage: {} }), null);
  assert.equal(read({ richResponseMessage: {} }), null);
  assert.equal(read(null), null);
  assert.equal(read({ protocolMessage: {} }), null);
  assert.equal(read({ senderKeyDistributionMessage: {}, messageContextInfo: {} }), null);
});
