// Requests the eight characters that are typed on the phone instead of scanning.
import { getBinaryNodeChild, getBinaryNodeChildBuffer, type BinaryNode } from "baileys";
import { Failure } from "../rpc/failure.ts";
import { steadyClock, type Clock } from "../steady_clock.ts";
import type { Connection } from "./connection.ts";

const TAG = "link_code_companion_reg";
const AGREED = `iq,type:result,${TAG}`;
const REFUSED = "iq,type:error";
const TYPED = `notification,type:${TAG}`;

/**
 * Works only while a QR is on offer: before it the server would not understand, after pairing it makes no sense.
 * Baileys gives a code at once, whatever WhatsApp answers; here it counts once WhatsApp has agreed.
 *
 * An account is registered under one spelling of its number, and WhatsApp agrees to any: requested again over the same
 * connection for another spelling, the code is the same, and the phone may type it under each.
 */
export async function pairingCode(
  connection: Connection | null,
  number: string,
  clock: Clock = steadyClock,
): Promise<{ code: string }> {
  if (connection?.isPairing !== true) throw new Failure("not_connected");
  if (connection.pairingCodeAccounts.size === 0) confirmAccountOfTypedCode(connection);
  const previousCode = connection.pairingCodeAccounts.size > 0 ? connection.creds.pairingCode : undefined;
  const agreedReference = pairingCodeReference(connection, clock);
  const code = await connection.sock.requestPairingCode(number.slice(1), previousCode);
  const account = connection.creds.me?.id;
  const reference = await agreedReference;
  if (reference === null) throw new Failure("code_refused");
  if (account !== undefined) connection.pairingCodeAccounts.set(reference, account);
  return { code };
}

/** Resolves to the reference of the request; to null where WhatsApp refuses or stays silent, or the connection ends. */
function pairingCodeReference(connection: Connection, clock: Clock): Promise<string | null> {
  return new Promise((resolve) => {
    const cancel = clock.after(connection.queryTimeoutMs, () => {
      resolve(null);
    });
    const settle = (reference: string | null): void => {
      cancel();
      resolve(reference);
    };
    connection.onStanza(AGREED, (node) => {
      settle(referenceOf(node));
    });
    connection.onStanza(REFUSED, () => {
      settle(null);
    });
    connection.onFinished(() => {
      settle(null);
    });
  });
}

/** Baileys confirms the code for the account requested last; this confirms it for the account whose phone typed it. */
function confirmAccountOfTypedCode(connection: Connection): void {
  connection.onStanza(TYPED, (node) => {
    const id = connection.pairingCodeAccounts.get(referenceOf(node));
    if (id !== undefined) connection.creds.me = { ...connection.creds.me, id };
  });
}

function referenceOf(node: BinaryNode): string {
  const registration = getBinaryNodeChild(node, TAG);
  const reference = getBinaryNodeChildBuffer(registration, "link_code_pairing_ref");
  return Buffer.from(reference ?? []).toString("hex");
}
