// Notices to a program that is not linked yet, about why its code is refused.
import { notification } from "../notices/notification.ts";
import { node } from "../stream/nodes.ts";
import type { PairingAttempt } from "./pairing_attempt.ts";

export const PASSKEY_NOTICES = ["passkey_prologue_request", "crsc_continuation"] as const;
export type PasskeyNotice = (typeof PASSKEY_NOTICES)[number];

/** The account asks for a passkey, which a program cannot show. */
export function demandPasskey({ connection }: PairingAttempt, notice: PasskeyNotice): void {
  connection.send(notification(notice, [node(notice)]));
}

/** The phone does not accept this secret any more: the program is to make another. */
export function retireSecret(attempt: PairingAttempt, secret: Uint8Array): void {
  attempt.retire(secret);
  attempt.connection.send(notification("companion_reg_refresh", [node("companion_reg_refresh")]));
}
