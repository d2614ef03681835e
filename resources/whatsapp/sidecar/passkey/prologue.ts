// Begins a link by passkey: an ephemeral identity, and a commitment to the nonce that is revealed after the phone's.
import { createHash, randomBytes } from "node:crypto";
import { Curve, proto, type KeyPair } from "baileys";

const NONCE_LENGTH = 32;
/** Kind of device as which this program registers: all its browsers are Chrome. */
export const DEVICE_TYPE = proto.DeviceProps.PlatformType.CHROME;

export interface Prologue {
  readonly reference: string;
  readonly keys: KeyPair;
  readonly nonce: Buffer;
  readonly payload: Buffer;
}

/** The commitment keeps this side from choosing a nonce that gives the code of another phone. */
export function makePrologue(reference: string): Prologue {
  const keys = Curve.generateKeyPair();
  const nonce = randomBytes(NONCE_LENGTH);
  const identity = proto.CompanionEphemeralIdentity.encode({
    publicKey: keys.public,
    deviceType: DEVICE_TYPE,
    ref: reference,
  }).finish();
  const hash = createHash("sha256").update(identity).update(nonce).digest();
  const payload = proto.ProloguePayload.encode({
    companionEphemeralIdentity: identity,
    commitment: { hash },
  });
  return { reference, keys, nonce, payload: Buffer.from(payload.finish()) };
}
