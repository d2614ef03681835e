// Tests of messages in both directions, their receipts, and the offline queue of a program that is away.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSimulator, SHOP } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();

test("texts reach every device of every customer, and the shop's own phone", async () => {
  const ana = await shop.customer("+5573988880001");
  const bia = await shop.customer("+5573988880002", { companions: 1 });
  await program.send(ana, "Oi, Ana", "A1");
  await program.send(bia, "Oi, Bia", "B1");
  await Promise.all([program.ack("A1"), program.ack("B1")]);
  await program.receipt("B1", undefined, "5573988880002:1@s.whatsapp.net");
  await Promise.all([program.receipt("A1", "sender"), program.receipt("B1", "sender")]);
  await Promise.all([program.receipt("A1"), program.receipt("B1")]);
  const texts = async (number: string, device = 0) =>
    (await admin.inbox(number, device)).map(({ text, shown }) => [text, shown]);
  assert.deepEqual(await texts("+5573988880001"), [["Oi, Ana", 1]]);
  assert.deepEqual(await texts("+5573988880002"), [["Oi, Bia", 1]]);
  assert.deepEqual(await texts("+5573988880002", 1), [["Oi, Bia", 1]]);
  assert.deepEqual(await texts(SHOP), [
    ["Oi, Ana", 1],
    ["Oi, Bia", 1],
  ]);
  assert.equal((await admin.inbox(SHOP))[1]?.to, "+5573988880002");
});

test("a message is acknowledged, then delivered, then read", async () => {
  const jid = await shop.customer("+5573988880003");
  await program.send(jid, "Pronto", "C1");
  assert.equal((await program.ack("C1"))["error"], undefined);
  await program.receipt("C1", undefined, jid);
  await program.receipt("C1", "read", jid);
});

test("the shop's own phone confirms no message while it is off", async () => {
  await admin.post("account", { number: SHOP, online: false });
  const jid = await shop.customer("+5573988880030");
  await program.send(jid, "Pronto", "O1");
  await program.receipt("O1", undefined, jid);
  assert.equal(
    (await admin.inbox(SHOP)).some(({ id }) => id === "O1"),
    false,
  );
  await admin.post("account", { number: SHOP, online: true });
  await program.receipt("O1", "sender");
});

test("receipts come from the hidden id when the network is told so", async () => {
  await admin.post("options", { receipts_as: "lid" });
  const jid = await shop.customer("+5573988880004");
  await program.send(jid, "Pronto", "D1");
  assert.match((await program.receipt("D1"))["from"] ?? "", /^1\d+@lid$/);
  await admin.post("options", { receipts_as: "pn" });
});

test("a phone that is off receives no message until it is on again", async () => {
  const jid = await shop.customer("+5573988880005", { online: false, reads: false });
  await program.send(jid, "Pronto", "E1");
  await program.ack("E1");
  assert.deepEqual(await admin.inbox("+5573988880005"), []);
  await shop.customer("+5573988880005", { online: true });
  await program.receipt("E1");
  assert.equal((await admin.inbox("+5573988880005")).length, 1);
});

test("a repeated id is one bubble on a dedupe phone, two on a strict one", async () => {
  const before = (await admin.messages()).wire_repeats;
  for (const [number, mode, shown] of [
    ["+5573988880006", "dedupe", 1],
    ["+5573988880007", "strict", 2],
  ] as const) {
    const jid = await shop.customer(number, { mode });
    for (const wire of [1, 2]) {
      await program.send(jid, "Pronto", "F1");
      await program.receipt("F1", undefined, jid);
      assert.equal((await admin.inbox(number))[0]?.wire, wire);
    }
    assert.equal((await admin.inbox(number))[0]?.shown, shown);
  }
  assert.equal((await admin.messages()).wire_repeats, before + 2);
});

test("a customer's text arrives live", async () => {
  const jid = await shop.customer("+5573988880008", { name: "Rui" });
  await admin.post("inbound", { number: "+5573988880008", text: "Quero um açaí", id: "G1" });
  const { message, type } = await program.message("G1");
  assert.equal(type, "notify");
  assert.equal(message.message?.conversation, "Quero um açaí");
  assert.equal(message.key.remoteJid, jid);
  assert.equal(message.pushName, "Rui");
});

test("a customer's text can come from the hidden id, with the number", async () => {
  await admin.post("options", { messages_as: "lid" });
  const jid = await shop.customer("+5573988880009");
  await admin.post("inbound", { number: "+5573988880009", text: "Oi", id: "H1" });
  const { message } = await program.message("H1");
  assert.match(message.key.remoteJid ?? "", /@lid$/);
  assert.equal(message.key.remoteJidAlt, jid);
  await admin.post("options", { messages_as: "pn" });
});

test("texts and receipts wait for a program that is away, in one queue", async () => {
  const jid = await shop.customer("+5573988880010", { online: false });
  await program.send(jid, "Pronto", "I1");
  await program.ack("I1");
  await program.disconnect();
  await shop.customer("+5573988880010", { online: true });
  await admin.post("inbound", { number: "+5573988880010", text: "Obrigado", id: "I2" });
  await program.open();
  const { message, type } = await program.message("I2");
  assert.equal(type, "append");
  assert.equal(message.message?.conversation, "Obrigado");
  assert.equal((await program.receipt("I1"))["offline"], "0");
  await program.receipt("I1", "read");
});

test("a message that a program has acknowledged does not come again", async () => {
  await shop.customer("+5573988880011");
  await admin.post("inbound", { number: "+5573988880011", text: "Oi", id: "J1" });
  await program.message("J1");
  await program.disconnect();
  await program.open();
  await admin.post("inbound", { number: "+5573988880011", text: "Oi de novo", id: "J2" });
  assert.equal((await program.message("J2")).type, "notify");
  assert.equal(program.events.has("message"), false);
});

test("a conversation goes on in both directions", async () => {
  const jid = await shop.customer("+5573988880012");
  await program.send(jid, "Pronto", "K1");
  await program.receipt("K1");
  await admin.post("inbound", { number: "+5573988880012", text: "Obrigado", id: "K2" });
  await program.message("K2");
  await program.send(jid, "De nada", "K3");
  await program.receipt("K3");
  const types = (await admin.inbox("+5573988880012")).map((bubble) => bubble.types);
  assert.deepEqual(types, [["pkmsg"], ["msg"]]);
});

test("a program that lost its session asks again and reads the answer", async () => {
  const jid = await shop.customer("+5573988880013");
  await admin.post("inbound", { number: "+5573988880013", text: "Oi", id: "L1" });
  await program.message("L1");
  await program.send(jid, "Olá", "L2");
  await program.receipt("L2");
  program.keys.forget("session");
  await admin.post("inbound", { number: "+5573988880013", text: "Quanto custa?", id: "L3" });
  assert.equal((await program.message("L3")).message.message, undefined);
  assert.equal((await program.message("L3")).message.message?.conversation, "Quanto custa?");
});

test("both forms of a Brazilian mobile number reach the registered one", async () => {
  await shop.customer("+5585988880003", { registered_as: "+558588880003" });
  await shop.customer("+5573988880014", { exists: false });
  const found = await program.socket.onWhatsApp("+5585988880003", "+558588880003", "+5573988880014");
  const canonical = { jid: "558588880003@s.whatsapp.net", exists: true };
  assert.deepEqual(found, [canonical, canonical]);
});

test("a second linked program gets a copy of the first one's messages", async () => {
  const sibling = await shop.linked();
  const jid = await shop.customer("+5573988880015");
  await sibling.send(jid, "Do outro balcão", "M1");
  await sibling.receipt("M1");
  const { message } = await program.message("M1");
  assert.equal(message.message?.extendedTextMessage?.text, "Do outro balcão");
  assert.equal(message.key.fromMe, true);
  assert.equal(message.key.remoteJid, jid);
  await sibling.disconnect();
  await program.disconnect();
});
