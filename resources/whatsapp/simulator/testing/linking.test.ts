// Tests of linking a device, logging it in and refusing it.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSimulator, SHOP } from "./simulator_harness.ts";

const shop = await openSimulator();

test("a program pairs by QR code, is told to restart, and then opens", async () => {
  const { program, qr } = await shop.unlinked();
  const { status, answer } = await shop.admin.post("scan", { number: SHOP, qr });
  assert.equal(status, 200);
  assert.equal(await program.closed(), 515);
  assert.match(program.creds.me?.id ?? "", new RegExp(`^5573999990000:${String(answer["device"])}@`));
  assert.equal(program.creds.me?.name, "Coco Loko");
  await program.open();
  await program.disconnect();
});

test("a QR code is good for one scan, an invalid text for no scan", async () => {
  const { program, qr } = await shop.unlinked();
  assert.equal((await shop.admin.post("scan", { number: SHOP, qr })).status, 200);
  assert.equal((await shop.admin.post("scan", { number: SHOP, qr })).status, 409);
  assert.equal((await shop.admin.post("scan", { number: SHOP, qr: "nonsense" })).status, 409);
  assert.equal(await program.closed(), 515);
});

test("a QR code with a foreign secret is refused", async () => {
  const { program, qr } = await shop.unlinked();
  const [reference, noise, identity, , platform] = qr.split(",");
  const foreign = [reference, noise, identity, Buffer.alloc(32).toString("base64"), platform].join(",");
  assert.equal((await shop.admin.post("scan", { number: SHOP, qr: foreign })).status, 409);
  assert.equal(await program.closed(), 500);
  assert.equal(program.creds.me, undefined);
});

test("when the QR references are used up the connection ends with 408", async () => {
  await shop.admin.post("options", { refs: 2 });
  const { program } = await shop.unlinked({ qrTimeout: 20 });
  await program.events.next("qr");
  assert.equal(await program.closed(), 408);
  await shop.admin.post("options", { refs: 6 });
});

test("a QR reference that has outlived its time is refused", async () => {
  await shop.admin.post("options", { qr_ms: 1, refs: 1 });
  const { program, qr } = await shop.unlinked({ qrTimeout: 20 });
  assert.equal(await program.closed(), 408);
  assert.equal((await shop.admin.post("scan", { number: SHOP, qr })).status, 409);
  await shop.admin.post("options", { qr_ms: 0, refs: 6 });
});

test("a device that the network does not know is refused with 401", async () => {
  const elsewhere = await openSimulator();
  const linked = await elsewhere.linked();
  await linked.disconnect();
  const stranger = shop.program();
  stranger.copyCredentials(linked);
  stranger.connect();
  assert.equal(await stranger.closed(), 401);
});

test("a second login of the same device ends the first with 440", async () => {
  const first = await shop.linked();
  const second = shop.program();
  second.copyCredentials(first);
  second.connect();
  assert.equal(await first.closed(), 440);
  await second.events.next("open");
  await second.disconnect();
});

test("a program that logs out is unlinked and cannot come back", async () => {
  const program = await shop.linked();
  await program.socket.logout();
  assert.equal(await program.closed(), 401);
  program.connect();
  assert.equal(await program.closed(), 401);
});

test("an unknown query is answered with error 501", async () => {
  const program = await shop.linked();
  const question = { tag: "iq", attrs: { to: "@s.whatsapp.net", type: "get", xmlns: "unheard-of" } };
  await assert.rejects(program.socket.query(question), { data: 501 });
  await program.disconnect();
});
