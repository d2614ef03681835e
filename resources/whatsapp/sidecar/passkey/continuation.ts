// Takes the phone's ephemeral identity: the code that a person compares, and the key for the pairing request.
import { createHash, hkdfSync } from "node:crypto";
import { bytesToCrockford, Curve, getBinaryNodeChildBuffer, proto, type BinaryNode } from "baileys";
import { DEVICE_TYPE, type Prologue } from "./prologue.ts";

const LENGTH = 32;
const CODE_BYTES = 5;
const INFO = "Pairing Information Encryption Key";

export interface Continuation {
  /** Eight signs, written `XXXX-XXXX`. */
  readonly code: string;
  readonly encryptionKey: Buffer;
}

/** Returns undefined for a malformed identity, and for a key of low order, whose secret anybody knows. */
export function continueWith(prologue: Prologue, node: BinaryNode): Continuation | undefined {
  const phone = readIdentity(node);
  const shared = phone && sharedSecret(prologue, phone.publicKey);
  if (!shared) return undefined;
  const salt = `Companion Pairing ${DEVICE_TYPE} with ref ${prologue.reference}`;
  return {
    code: verificationCode(prologue.nonce, phone.publicKey, phone.nonce),
    encryptionKey: Buffer.from(hkdfSync("sha256", shared, salt, INFO, LENGTH)),
  };
}

function verificationCode(nonce: Uint8Array, phoneKey: Uint8Array, phoneNonce: Uint8Array): string {
  const digest = createHash("sha256").update(nonce).update(phoneKey).digest();
  const bytes = digest.subarray(0, CODE_BYTES).map((byte, index) => byte ^ (phoneNonce[index] ?? 0));
  const signs = bytesToCrockford(Buffer.from(bytes));
  return `${signs.slice(0, 4)}-${signs.slice(4)}`;
}

function readIdentity(node: BinaryNode): { publicKey: Uint8Array; nonce: Uint8Array } | undefined {
  const bytes = getBinaryNodeChildBuffer(node, "primary_ephemeral_identity");
  if (bytes === undefined) return undefined;
  try {
    const { publicKey, nonce } = proto.PrimaryEphemeralIdentity.decode(Buffer.from(bytes));
    return publicKey?.length === LENGTH && nonce?.length === LENGTH ? { publicKey, nonce } : undefined;
  } catch {
    return undefined;
  }
}

function sharedSecret({ keys }: Prologue, phoneKey: Uint8Array): Buffer | undefined {
  try {
    const shared = Buffer.from(Curve.sharedKey(keys.private, phoneKey));
    return shared.some((byte) => byte !== 0) ? shared : undefined;
  } catch {
    return undefined;
  }
}
