// The symmetric half of a Noise handshake: running hash, chaining key, cipher key with its counter.
import { createCipheriv, createDecipheriv, createHash, hkdfSync } from "node:crypto";

const PROTOCOL_NAME = "Noise_XX_25519_AESGCM_SHA256";
const TAG_LENGTH = 16;

export function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}

export function seal(
  key: Uint8Array,
  counter: number,
  plaintext: Uint8Array,
  associated: Uint8Array,
): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce(counter));
  cipher.setAAD(associated);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

export function unseal(key: Uint8Array, counter: number, sealed: Uint8Array, associated: Uint8Array): Buffer {
  const decipher = createDecipheriv("aes-256-gcm", key, nonce(counter), { authTagLength: TAG_LENGTH });
  decipher.setAAD(associated);
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_LENGTH));
  return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - TAG_LENGTH)), decipher.final()]);
}

export class SymmetricState {
  #hash: Buffer;
  #chaining: Buffer;
  #key: Buffer;
  #counter = 0;

  constructor(prologue: Uint8Array) {
    this.#hash = Buffer.alloc(32);
    this.#hash.write(PROTOCOL_NAME);
    this.#chaining = this.#hash;
    this.#key = this.#hash;
    this.mixHash(prologue);
  }

  mixHash(bytes: Uint8Array): void {
    this.#hash = createHash("sha256").update(this.#hash).update(bytes).digest();
  }

  mixKey(secret: Uint8Array): void {
    [this.#chaining, this.#key] = this.#derive(secret);
    this.#counter = 0;
  }

  encryptAndHash(plaintext: Uint8Array): Buffer {
    const sealed = seal(this.#key, this.#counter++, plaintext, this.#hash);
    this.mixHash(sealed);
    return sealed;
  }

  decryptAndHash(sealed: Uint8Array): Buffer {
    const plaintext = unseal(this.#key, this.#counter++, sealed, this.#hash);
    this.mixHash(sealed);
    return plaintext;
  }

  /** The two transport keys: first initiator to responder, then responder to initiator. */
  split(): [Buffer, Buffer] {
    return this.#derive(Buffer.alloc(0));
  }

  #derive(secret: Uint8Array): [Buffer, Buffer] {
    const bytes = Buffer.from(hkdfSync("sha256", secret, this.#chaining, Buffer.alloc(0), 64));
    return [bytes.subarray(0, 32), bytes.subarray(32)];
  }
}
