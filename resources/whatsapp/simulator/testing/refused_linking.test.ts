// Tests of phones that refuse to link: the passkey gate and the retired secret.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Browsers } from "baileys";
import { openSimulator, SHOP } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;

function withSecret(qr: string, secret: string): string {
  const fields = qr.split(",");
  fields[3] = secret;
  return fields.join(",");
}

test("behind the passkey gate a scan notifies the program; no device links", async () => {
  await admin.post("options", { passkey: true, refs: 2 });
  const { program, qr } = await shop.unlinked({ qrTimeout: 700 });
  const { status, answer } = await admin.post("scan", { number: SHOP, qr });
  assert.deepEqual([status, answer["error"]], [409, "the account asks for a passkey"]);
  await program.notification("passkey_prologue_request");
  assert.equal(await program.closed(), 408);
  assert.equal(program.creds.me, undefined);
  await admin.post("options", { passkey: false, refs: 6 });
});

test("behind the passkey gate a pairing code links no device either", async () => {
  await admin.post("options", { passkey: true });
  const { program } = await shop.unlinked();
  const code = await program.socket.requestPairingCode(SHOP.slice(1));
  await program.answer("link_code_pairing_ref");
  assert.equal((await admin.post("pair-code", { code })).status, 409);
  await program.notification("passkey_prologue_request");
  await program.disconnect();
  await admin.post("options", { passkey: false });
});

test("both notices of the passkey gate can be sent before any scan", async () => {
  const { program } = await shop.unlinked();
  await admin.post("passkey-notice");
  await program.notification("passkey_prologue_request");
  await admin.post("passkey-notice", { kind: "crsc_continuation" });
  await program.notification("crsc_continuation");
  await program.disconnect();
});

test("after a refresh only a QR code with a new secret links", async () => {
  const { program, qr } = await shop.unlinked();
  await admin.post("registration-refresh", { qr });
  await program.notification("companion_reg_refresh");
  const { status, answer } = await admin.post("scan", { number: SHOP, qr });
  assert.deepEqual([status, answer["error"]], [409, "couldn't link device"]);
  program.creds.advSecretKey = randomBytes(32).toString("base64");
  const renewed = withSecret(qr, program.creds.advSecretKey);
  assert.equal((await admin.post("scan", { number: SHOP, qr: renewed })).status, 200);
  assert.equal(await program.closed(), 515);
  await program.open();
  await program.disconnect();
});

test("a phone can refuse a program for its system, and link another one", async () => {
  await admin.post("options", { links_only: "Mac OS" });
  const refused = await shop.unlinked({ browser: Browsers.windows("Chrome") });
  const { status, answer } = await admin.post("scan", { number: SHOP, qr: refused.qr });
  assert.deepEqual([status, answer["error"]], [409, "couldn't link device"]);
  await refused.program.disconnect();
  const taken = await shop.unlinked({ browser: Browsers.macOS("Chrome") });
  assert.equal((await admin.post("scan", { number: SHOP, qr: taken.qr })).status, 200);
  assert.equal(await taken.program.closed(), 515);
  await admin.post("options", { links_only: "" });
});

test("a program that waits to be linked can be cut off with a stream error", async () => {
  const { program } = await shop.unlinked();
  await shop.fault("stream_error", { code: 408 });
  assert.equal(await program.closed(), 408);
});

test("a phone can retire the secret at the moment of the scan", async () => {
  await admin.post("options", { refresh_on_scan: true });
  const { program, qr } = await shop.unlinked();
  assert.equal((await admin.post("scan", { number: SHOP, qr })).status, 409);
  await program.notification("companion_reg_refresh");
  program.creds.advSecretKey = randomBytes(32).toString("base64");
  const renewed = withSecret(qr, program.creds.advSecretKey);
  assert.equal((await admin.post("scan", { number: SHOP, qr: renewed })).status, 200);
  assert.equal(await program.closed(), 515);
  await admin.post("options", { refresh_on_scan: false });
});
