// Tests of the crypto functions that take a key.
import assert from "node:assert/strict";
import { createSecretKey } from "node:crypto";
import { it } from "node:test";

const plain = { ...(await import("node:crypto")) };
await import("./crypto_keys.ts");
const quick = await import("node:crypto");

const KEY = Buffer.alloc(32, 7);
const IV = Buffer.alloc(12, 9);

it("an HMAC is the same for a key as bytes, as a text and as a KeyObject", () => {
  const tag = (crypto: typeof plain, key: Parameters<typeof plain.createHmac>[1]): string =>
    crypto.createHmac("sha256", key).update("açaí").digest("hex");
  for (const key of [KEY, new Uint8Array(KEY), Buffer.alloc(0), createSecretKey(KEY), "a word"]) {
    assert.equal(tag(quick, key), tag(plain, key));
  }
});

it("a ciphertext opens with Node's own function and with the wrapped one", () => {
  const cipher = quick.createCipheriv("aes-256-gcm", KEY, IV, { authTagLength: 16 });
  const sealed = Buffer.concat([cipher.update("açaí"), cipher.final()]);
  for (const { createDecipheriv } of [plain, quick]) {
    const opening = createDecipheriv("aes-256-gcm", KEY, IV).setAuthTag(cipher.getAuthTag());
    assert.equal(Buffer.concat([opening.update(sealed), opening.final()]).toString(), "açaí");
  }
});

it("an invalid key is refused as before", () => {
  assert.throws(() => quick.createHmac("sha256", 7 as unknown as string), { code: "ERR_INVALID_ARG_TYPE" });
  assert.throws(() => quick.createCipheriv("aes-256-gcm", Buffer.alloc(3), IV), /Invalid key length/);
});
