// Scan by the account's phone of the QR code on a program's screen.
import type { Account } from "../world/account.ts";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { link } from "./pairing.ts";
import { pairingAttempts, type PairingAttempt } from "./pairing_attempt.ts";
import { demandPasskey, retireSecret } from "./pairing_notices.ts";
import { readQrCode, type QrCode } from "./qr_code.ts";

const COULD_NOT_LINK = "couldn't link device";

/** Resolves to the id of the new device. */
export async function scan(network: Network, account: Account, qrText: string): Promise<number> {
  const { qr, attempt } = attemptShowing(network, qrText);
  if (network.options.passkey) {
    demandPasskey(network, attempt, account, qr.advSecret);
    throw new Conflict("the account asks for a passkey");
  }
  if (network.options.refresh_on_scan && !attempt.hasRetired) {
    retireSecret(attempt, qr.advSecret);
  }
  if (attempt.isRetired(qr.advSecret) || !attempt.claimReference(qr.reference, network.options.qr_ms)) {
    throw new Conflict(COULD_NOT_LINK);
  }
  const device = await link(network, attempt, account, qr.advSecret);
  if (device === undefined) {
    throw new Conflict(COULD_NOT_LINK);
  }
  return device;
}

/** Retires the secret in this QR code. */
export function refreshRegistration(network: Network, qrText: string): void {
  const { qr, attempt } = attemptShowing(network, qrText);
  retireSecret(attempt, qr.advSecret);
}

function attemptShowing(network: Network, qrText: string): { qr: QrCode; attempt: PairingAttempt } {
  const qr = readQrCode(qrText);
  const attempt = qr && attemptWith(network, qr.reference);
  if (!attempt) {
    throw new Conflict("no program shows this QR code");
  }
  const { identity, noiseKey } = attempt.registration;
  if (!qr.identity.equals(identity) || !qr.noiseKey.equals(noiseKey)) {
    throw new Conflict("the keys in this QR code are not the program's");
  }
  return { qr, attempt };
}

function attemptWith(network: Network, reference: string): PairingAttempt | undefined {
  return pairingAttempts(network).find(({ references }) => references.includes(reference));
}
