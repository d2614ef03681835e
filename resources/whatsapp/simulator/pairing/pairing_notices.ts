// Notices to a program that is not linked yet, about what its code is not enough for.
import { randomBytes } from "node:crypto";
import { notification } from "../notices/notification.ts";
import { SITE } from "../signal/passkey.ts";
import type { Account } from "../world/account.ts";
import type { Network } from "../world/network.ts";
import { node, type Node } from "../stream/nodes.ts";
import type { PairingAttempt, PasskeyCeremony } from "./pairing_attempt.ts";

export const PASSKEY_NOTICES = ["passkey_prologue_request", "crsc_continuation"] as const;

const CHALLENGE_BYTES = 32;
const TIMEOUT_MS = 600_000;

/** The account asks for its passkey; `priorSecret` is that of the scanned QR code. */
export function demandPasskey(
  network: Network,
  attempt: PairingAttempt,
  account: Account,
  priorSecret?: Uint8Array,
): void {
  const challenge = randomBytes(CHALLENGE_BYTES).toString("base64url");
  attempt.passkey = { account, challenge, priorSecret, isProven: false, isConfirmed: false };
  const without = network.faults.trigger("passkey_no_options", [account.user]);
  const content = without ? [] : [optionsNode(network, attempt.passkey)];
  attempt.connection.send(notification("passkey_prologue_request", content));
}

/** Returns WebAuthn request options as the server writes them. */
export function optionsNode(network: Network, { account, challenge }: PasskeyCeremony): Node {
  const rpId = network.faults.trigger("passkey_foreign_site", [account.user]) ? "example.com" : SITE;
  const options = {
    challenge,
    rpId,
    userVerification: "required",
    timeout: TIMEOUT_MS,
    allowCredentials: [],
  };
  return node("passkey_request_options", {}, Buffer.from(JSON.stringify(options)));
}

/** The notice that continues a link by passkey, out of turn and without an identity. */
export function sendEmptyContinuation({ connection }: PairingAttempt): void {
  connection.send(notification("crsc_continuation", []));
}

/** The phone does not accept this secret any more: the program is to make another. */
export function retireSecret(attempt: PairingAttempt, secret: Uint8Array): void {
  attempt.retire(secret);
  attempt.connection.send(notification("companion_reg_refresh", [node("companion_reg_refresh")]));
}
