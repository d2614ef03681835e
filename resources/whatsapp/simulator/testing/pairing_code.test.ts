// Tests of linking a device by the eight characters that the program shows.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { openSimulator, SHOP } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const DIGITS = SHOP.slice(1);

test("a program pairs by code, is told to restart, and then opens", async () => {
  const { program } = await shop.unlinked();
  const code = await program.socket.requestPairingCode(DIGITS);
  await program.answer("link_code_pairing_ref");
  const { status, answer } = await admin.post("pair-code", { code });
  assert.equal(status, 200);
  assert.equal(await program.closed(), 515);
  assert.match(program.creds.me?.id ?? "", new RegExp(`^${DIGITS}:${String(answer["device"])}@`));
  assert.equal(program.creds.registered, true);
  await program.open();
  const jid = await shop.customer("+5573988880001");
  await program.send(jid, "Pronto", "A1");
  await program.receipt("A1");
  await program.disconnect();
});

test("a wrong code is refused, and the right one may be typed after it", async () => {
  const { program } = await shop.unlinked();
  const code = await program.socket.requestPairingCode(DIGITS, "ABCD1234");
  await program.answer("link_code_pairing_ref");
  const wrong = await admin.post("pair-code", { code: "ABCD1235" });
  assert.deepEqual([wrong.status, wrong.answer["error"]], [409, "wrong code"]);
  assert.equal((await admin.post("pair-code", { code })).status, 200);
  assert.equal(await program.closed(), 515);
});

test("a code is for the phone of the number that the program gave", async () => {
  const { program } = await shop.unlinked();
  assert.equal((await admin.post("pair-code", { code: "ABCD1234" })).status, 409);
  await program.socket.requestPairingCode("5573977770000");
  await program.answer("link_code_pairing_ref");
  assert.equal((await admin.post("pair-code", { code: "ABCD1234" })).status, 409);
  await program.disconnect();
});

test("a server refuses codes with its error, and the program still shows one", async () => {
  for (const code of [400, 429]) {
    const { program } = await shop.unlinked();
    await shop.fault("pair_code_error", { code });
    const shown = await program.socket.requestPairingCode(DIGITS);
    await program.answer("error", code.toString());
    assert.equal((await admin.post("pair-code", { code: shown })).status, 409);
    await program.disconnect();
  }
});

test("a link that is never confirmed leaves the program waiting", async () => {
  const { program } = await shop.unlinked();
  await shop.fault("pair_code_unconfirmed");
  const code = await program.socket.requestPairingCode(DIGITS);
  await program.answer("link_code_pairing_ref");
  const { answer } = await admin.post("pair-code", { code });
  assert.equal(answer["error"], "the link is not confirmed");
  assert.equal(program.events.has("close"), false);
  assert.equal(program.creds.account, undefined);
  await program.disconnect();
});

test("a malformed answer of the phone links no device", async () => {
  const { program } = await shop.unlinked();
  await shop.fault("pair_code_malformed");
  const code = await program.socket.requestPairingCode(DIGITS);
  await program.answer("link_code_pairing_ref");
  assert.equal((await admin.post("pair-code", { code })).status, 409);
  await program.notification("link_code_companion_reg");
  assert.equal(program.creds.registered, false);
  await program.disconnect();
});
