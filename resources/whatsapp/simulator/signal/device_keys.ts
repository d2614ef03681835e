// The Signal keys of one simulated device, made only when first needed.
import { randomInt } from "node:crypto";
import { Curve, generateSignalPubKey, signedKeyPair, type KeyPair, type SignedKeyPair } from "baileys";

const SIGNED_PRE_KEY_ID = 1;
const LARGEST_REGISTRATION_ID = 16_380;

export interface PublicPreKey {
  readonly id: number;
  readonly public: Uint8Array;
}

/** The keys that a sender needs to begin a session with a device. */
export interface KeyBundle {
  readonly registrationId: number;
  readonly identity: Uint8Array;
  readonly signedPreKey: PublicPreKey & { readonly signature: Uint8Array };
  readonly preKey?: PublicPreKey | undefined;
}

export class DeviceKeys {
  readonly registrationId = randomInt(1, LARGEST_REGISTRATION_ID);
  readonly #preKeys = new Map<number, KeyPair>();
  #identity: KeyPair | undefined;
  #signedPreKey: SignedKeyPair | undefined;
  #lastPreKeyId = 0;

  get identity(): KeyPair {
    this.#identity ??= Curve.generateKeyPair();
    return this.#identity;
  }

  /** Its signature costs milliseconds in pure JavaScript: thousands of customers must not pay it at the start. */
  get signedPreKey(): SignedKeyPair {
    this.#signedPreKey ??= signedKeyPair(this.identity, SIGNED_PRE_KEY_ID);
    return this.#signedPreKey;
  }

  preKey(id: number): KeyPair | undefined {
    return this.#preKeys.get(id);
  }

  removePreKey(id: number): void {
    this.#preKeys.delete(id);
  }

  forgetPreKeys(): void {
    this.#preKeys.clear();
  }

  /** A bundle with a fresh one-time pre-key. */
  takeBundle(): KeyBundle {
    const id = ++this.#lastPreKeyId;
    const pair = Curve.generateKeyPair();
    this.#preKeys.set(id, pair);
    return {
      registrationId: this.registrationId,
      identity: this.identity.public,
      signedPreKey: {
        id: this.signedPreKey.keyId,
        public: this.signedPreKey.keyPair.public,
        signature: this.signedPreKey.signature,
      },
      preKey: { id, public: pair.public },
    };
  }
}

/** Returns a key pair in libsignal's form: the public key with its type byte. */
export function libsignalPair(pair: KeyPair): { pubKey: Buffer; privKey: Buffer } {
  return { pubKey: Buffer.from(generateSignalPubKey(pair.public)), privKey: Buffer.from(pair.private) };
}
