// The phone's cryptography of a pairing code: the eight characters protect two ephemeral keys, these the link's secret.
import {
  createCipheriv,
  createDecipheriv,
  hkdfSync,
  pbkdf2 as pbkdf2WithCallback,
  randomBytes,
} from "node:crypto";
import { promisify } from "node:util";
import { Curve, type KeyPair } from "baileys";

const pbkdf2 = promisify(pbkdf2WithCallback);
const ROUNDS = 131_072;
const KEY_BYTES = 32;
const CTR_IV_BYTES = 16;
const GCM_IV_BYTES = 12;
const TAG_BYTES = 16;
const NO_SALT = Buffer.alloc(0);
const BUNDLE_PURPOSE = "link_code_pairing_key_bundle_encryption_key";
const SECRET_PURPOSE = "adv_secret";

/** Encrypts a public key with a code: salt, initial value, the key under AES-CTR. */
export async function wrapKey(key: Uint8Array, code: string): Promise<Buffer> {
  const salt = randomBytes(KEY_BYTES);
  const iv = randomBytes(CTR_IV_BYTES);
  return Buffer.concat([salt, iv, await underCode(key, code, salt, iv)]);
}

/** Decrypts a key with a code. A wrong code gives another key, which does not show yet. */
export function unwrapKey(wrapped: Buffer, code: string): Promise<Buffer> {
  const salt = wrapped.subarray(0, KEY_BYTES);
  const start = KEY_BYTES + CTR_IV_BYTES;
  const sealed = wrapped.subarray(start, start + KEY_BYTES);
  return underCode(sealed, code, salt, wrapped.subarray(KEY_BYTES, start));
}

/** AES-CTR is its own inverse. */
async function underCode(key: Uint8Array, code: string, salt: Buffer, iv: Buffer): Promise<Buffer> {
  const secret = await pbkdf2(code, salt, ROUNDS, KEY_BYTES, "sha256");
  const cipher = createCipheriv("aes-256-ctr", secret, iv);
  return Buffer.concat([cipher.update(key), cipher.final()]);
}

export interface KeyBundle {
  readonly companionIdentity: Buffer;
  readonly primaryIdentity: Buffer;
  readonly random: Buffer;
}

/** Throws when the two sides did not use the same code. */
export function openKeyBundle(sealed: Buffer, shared: Uint8Array): KeyBundle {
  const salt = sealed.subarray(0, KEY_BYTES);
  const iv = sealed.subarray(KEY_BYTES, KEY_BYTES + GCM_IV_BYTES);
  const key = hkdfSync("sha256", shared, salt, BUNDLE_PURPOSE, KEY_BYTES);
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key), iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
  const body = sealed.subarray(KEY_BYTES + GCM_IV_BYTES, -TAG_BYTES);
  const opened = Buffer.concat([decipher.update(body), decipher.final()]);
  return {
    companionIdentity: opened.subarray(0, KEY_BYTES),
    primaryIdentity: opened.subarray(KEY_BYTES, 2 * KEY_BYTES),
    random: opened.subarray(2 * KEY_BYTES),
  };
}

export function linkSecret(shared: Uint8Array, identity: KeyPair, bundle: KeyBundle): Buffer {
  const identities = Curve.sharedKey(identity.private, bundle.companionIdentity);
  const material = Buffer.concat([shared, identities, bundle.random]);
  return Buffer.from(hkdfSync("sha256", material, NO_SALT, SECRET_PURPOSE, KEY_BYTES));
}
