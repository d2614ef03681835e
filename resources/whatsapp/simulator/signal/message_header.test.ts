// Tests that a message header is read as libsignal writes it, and other bytes are refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { proto } from "baileys";
import { encrypt, decrypt, type Encrypted } from "./cipher.ts";
import { DeviceKeys } from "./device_keys.ts";
import { messageHeader } from "./message_header.ts";
import { SessionStore } from "./session_store.ts";

const ANA = { lidUser: "1", device: 0 };
const SHOP = { lidUser: "2", device: 1 };
const keys = { ana: new DeviceKeys(), shop: new DeviceKeys() };
const stores = { ana: new SessionStore(keys.ana), shop: new SessionStore(keys.shop) };

function toAna(text: string): Promise<Encrypted> {
  return encrypt(stores.shop, ANA, { conversation: text }, () => keys.ana.takeBundle());
}

test("messageHeader counts up within a chain, before and after an answer", async () => {
  const sealed = [await toAna("um"), await toAna("dois")];
  for (const one of sealed) await decrypt(stores.ana, SHOP, one);
  await decrypt(
    stores.shop,
    ANA,
    await encrypt(stores.ana, SHOP, { conversation: "oi" }, () => keys.shop.takeBundle()),
  );
  sealed.push(await toAna("três"), await toAna("quatro"));
  assert.deepEqual(
    sealed.map(({ type }) => type),
    ["pkmsg", "pkmsg", "msg", "msg"],
  );
  const headers = sealed.map(messageHeader);
  assert.deepEqual(
    headers.map((header) => header?.counter),
    [0, 1, 0, 1],
  );
  const ratchets = headers.map((header) => header?.ratchetKey.toString("hex"));
  assert.deepEqual([ratchets[1], ratchets[3]], [ratchets[0], ratchets[2]]);
  assert.notEqual(ratchets[0], ratchets[2]);
  assert.equal(headers[0]?.ratchetKey.length, 33);
});

test("messageHeader refuses bytes that are no Signal message", () => {
  const text = Buffer.from(proto.Message.encode({ conversation: "no Signal message" }).finish());
  for (const ciphertext of [Buffer.alloc(0), Buffer.alloc(40), Buffer.alloc(40, 0xff), text]) {
    assert.equal(messageHeader({ type: "msg", ciphertext }), undefined);
    assert.equal(messageHeader({ type: "pkmsg", ciphertext }), undefined);
  }
});
