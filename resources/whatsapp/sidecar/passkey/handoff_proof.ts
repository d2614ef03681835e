// Proves that this program showed the QR code that the phone scanned, without showing its secret again.
import { createHmac, hkdfSync } from "node:crypto";
import type { Clock } from "../steady_clock.ts";

const INFO = "shortcake-passkey-handoff-v1";
const KEY_LENGTH = 32;
const VALID_MS = 5 * 60_000;

/** Returns a maker of proofs by the secret of the QR code; it makes none once five minutes have passed. */
export function handoffProver(
  advSecret: Uint8Array,
  clock: Clock,
): (payload: Uint8Array) => Buffer | undefined {
  const until = clock.now() + VALID_MS;
  const key = handoffKey(advSecret);
  return (payload) => (clock.now() < until ? createHmac("sha256", key).update(payload).digest() : undefined);
}

export function handoffKey(advSecret: Uint8Array): Buffer {
  return Buffer.from(hkdfSync("sha256", advSecret, Buffer.alloc(0), INFO, KEY_LENGTH));
}
