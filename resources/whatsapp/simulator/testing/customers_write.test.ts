// Tests of inbound content: media, reactions, groups and statuses, undecryptable and repeated messages.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { getContentType } from "baileys";
import { CONTENT_KINDS } from "../messages/content.ts";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
const ANA = "+5573988880001";
const ana = await shop.customer(ANA, { name: "Ana" });

const KINDS = {
  text: "conversation",
  extended: "extendedTextMessage",
  ephemeral: "ephemeralMessage",
  view_once: "viewOnceMessageV2",
  image: "imageMessage",
  video: "videoMessage",
  audio: "audioMessage",
  document: "documentMessage",
  sticker: "stickerMessage",
  location: "locationMessage",
  contact: "contactMessage",
  reaction: "reactionMessage",
  poll: "pollCreationMessage",
  revoke: "protocolMessage",
  edit: "protocolMessage",
  wrapped_edit: "editedMessage",
  secret_edit: "secretEncryptedMessage",
  album: "albumMessage",
  pin: "pinInChatMessage",
  keep: "keepInChatMessage",
  vote: "pollUpdateMessage",
  // Baileys has no name for its type.
  call: undefined,
  payment: "requestPaymentMessage",
} as const;

async function inbound(id: string, fields: object): Promise<void> {
  const { status } = await admin.post("inbound", { number: ANA, text: "Oi", about: "A0", id, ...fields });
  assert.equal(status, 200);
}

for (const kind of CONTENT_KINDS) {
  test(`a customer can send: ${kind}`, async () => {
    await inbound(`K-${kind}`, { kind });
    const { message, type } = await program.message(`K-${kind}`);
    assert.equal(getContentType(message.message ?? undefined), KINDS[kind]);
    assert.deepEqual([type, message.key.remoteJid], ["notify", ana]);
  });
}

test("bytes take the place of the message", async () => {
  await inbound("RAW", { raw: Buffer.from("\n\u0003Ola", "latin1").toString("base64"), text: "Oi" });
  const { message } = await program.message("RAW");
  assert.equal(message.message?.conversation, "Ola");
});

for (const [place, chat] of [
  ["group", /@g\.us$/],
  ["status", /^status@broadcast$/],
  ["newsletter", /@newsletter$/],
] as const) {
  test(`what is posted to a ${place} comes from there`, async () => {
    await inbound(`P-${place}`, { place });
    const { message } = await program.message(`P-${place}`);
    assert.match(message.key.remoteJid ?? "", chat);
    assert.equal(message.message?.conversation, "Oi");
  });
}

test("an undecryptable message is requested again and then read", async () => {
  await shop.fault("garble_inbound", { number: ANA });
  await inbound("G1", {});
  assert.equal((await program.message("G1")).message.message, undefined);
  assert.equal((await program.message("G1")).message.message?.conversation, "Oi");
});

test("a message undecryptable a second time is requested again", async () => {
  await shop.fault("garble_inbound", { number: ANA, times: 2 });
  await inbound("G2", {});
  for (const readable of [false, false, true]) {
    assert.equal((await program.message("G2")).message.message?.conversation === "Oi", readable);
  }
});

test("a stanza that begins a conversation and comes twice is read once", async () => {
  await shop.customer("+5573988880002");
  await shop.fault("repeat_inbound");
  await admin.post("inbound", { number: "+5573988880002", text: "Oi", id: "R1" });
  await admin.post("inbound", { number: "+5573988880002", text: "Oi", id: "R2" });
  await program.message("R1");
  await program.message("R2");
  assert.equal(program.events.has("message"), false);
});

test("a repeated stanza of a known conversation is requested and read again", async () => {
  const jid = await shop.customer("+5573988880003");
  await admin.post("inbound", { number: "+5573988880003", text: "Oi", id: "R3" });
  await program.message("R3");
  await program.send(jid, "Pronto", "R4");
  await program.receipt("R4");
  await shop.fault("repeat_inbound");
  await admin.post("inbound", { number: "+5573988880003", text: "Obrigado", id: "R5" });
  for (const text of ["Obrigado", undefined, "Obrigado"]) {
    assert.equal((await program.message("R5")).message.message?.conversation, text);
  }
});

test("all of it waits for a program that is away", async () => {
  await program.disconnect();
  for (const kind of CONTENT_KINDS) {
    await inbound(`W-${kind}`, { kind });
  }
  for (const place of ["group", "status", "newsletter"]) {
    await inbound(`W-${place}`, { place });
  }
  const before = await admin.get<{ devices: { waiting?: number }[] }>("devices");
  assert.equal(before.devices[1]?.waiting, CONTENT_KINDS.length + 3);
  await program.open();
  for (const kind of CONTENT_KINDS) {
    const { message, type } = await program.message(`W-${kind}`);
    assert.deepEqual([getContentType(message.message ?? undefined), type], [KINDS[kind], "append"]);
  }
  await program.message("W-group");
  await program.message("W-status");
  await program.message("W-newsletter");
  await program.disconnect();
});
