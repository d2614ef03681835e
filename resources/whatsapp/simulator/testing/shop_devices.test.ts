// Tests of an account with several devices: copies of the others' messages, and devices that come and go.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BinaryNode } from "baileys";
import { openSimulator, SHOP } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
const ana = await shop.customer("+5573988880001");

test("a companion of the simulator gets copies of the program's messages", async () => {
  const { answer } = await admin.post("account/device");
  await program.notification("account_sync");
  program.devices.flushAll();
  const device = Number(answer["device"]);
  await program.send(ana, "Pronto", "A1");
  await program.receipt("A1", "sender", `${SHOP.slice(1)}:${device}@s.whatsapp.net`);
  await program.receipt("A1", "sender", `${SHOP.slice(1)}@s.whatsapp.net`);
  const [copy] = await admin.inbox(SHOP, device);
  assert.deepEqual([copy?.id, copy?.text, copy?.to], ["A1", "Pronto", "+5573988880001"]);
  assert.equal((await admin.inbox(SHOP))[0]?.id, "A1");
  await admin.post("account/unlink", { device });
  const { attrs, content } = await program.notification("account_sync");
  assert.equal(attrs["from"], `${SHOP.slice(1)}@s.whatsapp.net`);
  const [list] = content as BinaryNode[];
  assert.deepEqual([list?.tag, (list?.content as BinaryNode[]).length], ["devices", 2]);
  await program.send(ana, "Ainda", "A2");
  await program.ack("A2");
  assert.equal((await admin.get<{ strays: number }>("stats")).strays, 1);
  program.devices.flushAll();
});

test("a companion of a shop that is off gets its copy when it is on again", async () => {
  const { answer } = await admin.post("account/device");
  const device = Number(answer["device"]);
  await program.notification("account_sync");
  program.devices.flushAll();
  await admin.post("account", { number: SHOP, online: false });
  await program.send(ana, "Pronto", "F1");
  await program.ack("F1");
  assert.deepEqual(await admin.inbox(SHOP, device), []);
  await admin.post("account", { number: SHOP, online: true });
  await program.receipt("F1", "sender", `${SHOP.slice(1)}:${device}@s.whatsapp.net`);
  await admin.post("account/unlink", { device });
  await program.notification("account_sync");
  program.devices.flushAll();
});

test("the program gets copies of the phone's and a companion's messages", async () => {
  const { answer } = await admin.post("account/device");
  for (const [id, device] of [
    ["B1", 0],
    ["B2", Number(answer["device"])],
  ] as const) {
    await admin.post("account/send", { to: "+5573988880001", text: "Já vai", id, device });
    const { message } = await program.message(id);
    assert.equal(message.message?.conversation, "Já vai");
    assert.deepEqual([message.key.fromMe, message.key.remoteJid], [true, ana]);
    const bubble = (await admin.inbox("+5573988880001")).find((one) => one.id === id);
    assert.deepEqual([bubble?.text, bubble?.wire], ["Já vai", 1]);
  }
  await admin.post("account/unlink", { device: Number(answer["device"]) });
});

test("two linked programs get copies of each other's messages", async () => {
  const sibling = await shop.linked();
  program.devices.flushAll();
  await program.send(ana, "do primeiro", "C1");
  await sibling.send(ana, "do segundo", "C2");
  const first = await sibling.message("C1");
  const second = await program.message("C2");
  assert.equal(first.message.message?.extendedTextMessage?.text, "do primeiro");
  assert.equal(second.message.message?.extendedTextMessage?.text, "do segundo");
  await sibling.disconnect();
});

test("a linked program that lost its session asks the other one again", async () => {
  const sibling = await shop.linked();
  program.devices.flushAll();
  await program.send(ana, "três", "C3");
  await sibling.message("C3");
  sibling.keys.forget("session");
  await program.send(ana, "quatro", "C4");
  assert.equal((await sibling.message("C4")).message.message, undefined);
  assert.equal((await sibling.message("C4")).message.message?.extendedTextMessage?.text, "quatro");
  assert.equal((await admin.messages()).wire_repeats, 0);
  await sibling.disconnect();
});

test("a device that the phone unlinks ends with 401 and is not let in again", async () => {
  const sibling = await shop.linked();
  const device = Number(/:(\d+)@/.exec(sibling.creds.me?.id ?? "")?.[1]);
  assert.equal((await admin.post("account/unlink", { device })).status, 200);
  assert.equal(await sibling.closed(), 401);
  sibling.connect();
  assert.equal(await sibling.closed(), 401);
  assert.equal((await admin.post("account/unlink", { device })).status, 409);
});

test("a customer's new companion is announced and gets the next message", async () => {
  await shop.customer("+5573988880002");
  const bia = "5573988880002@s.whatsapp.net";
  await program.send(bia, "um", "D1");
  await program.receipt("D1");
  await admin.post("contact/devices", { number: "+5573988880002", companions: 1 });
  await program.notification("devices");
  await program.send(bia, "dois", "D2");
  await program.receipt("D2", undefined, "5573988880002:1@s.whatsapp.net");
  assert.equal((await admin.inbox("+5573988880002", 1))[0]?.text, "dois");
  await admin.post("contact/devices", { number: "+5573988880002", companions: 0 });
  const [change] = (await program.notification("devices")).content as { tag: string }[];
  assert.equal(change?.tag, "remove");
});

test("a customer with a new phone gets the next message there", async () => {
  await shop.customer("+5573988880003");
  const rui = "5573988880003@s.whatsapp.net";
  await program.send(rui, "um", "E1");
  await program.receipt("E1");
  await admin.post("contact/new-phone", { number: "+5573988880003" });
  await program.notification("encrypt");
  await program.send(rui, "dois", "E2");
  await program.receipt("E2", undefined, rui);
  assert.equal((await admin.inbox("+5573988880003")).find(({ id }) => id === "E2")?.text, "dois");
  await admin.post("inbound", { number: "+5573988880003", text: "Troquei de aparelho", id: "E3" });
  assert.equal((await program.message("E3")).message.message?.conversation, "Troquei de aparelho");
  await program.disconnect();
});
