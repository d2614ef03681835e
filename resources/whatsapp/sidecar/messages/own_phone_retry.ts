// Resends to the shop's own phone alone a message that it could not decrypt.
import { buildAckStanza, getBinaryNodeChild, jidDecode, type BinaryNode, type WASocket } from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import { isOwn } from "./recipients.ts";
import { findSentText } from "./sent_text.ts";

/** WhatsApp gives up after as many retries. */
const MAX_RETRIES = 5;

/** The phone is the account's device 0; linked devices have other numbers. */
export function isOwnPhone(sock: WASocket, jid: string): boolean {
  return isOwn(sock, jid) && !jidDecode(jid)?.device;
}

/**
 * Answers and acknowledges a retry of the shop's own phone. Baileys answers any phone's retry by sending to all devices
 * once more, which would bring the customer the message twice. Never rejects.
 */
export async function resendToOwnPhone(sock: WASocket, wire: Wire, retry: BinaryNode): Promise<void> {
  try {
    await resend(sock, wire, retry);
  } catch (error) {
    log.warn({ error }, "own phone not answered");
  }
  try {
    await sock.sendNode(buildAckStanza(retry));
  } catch (error) {
    log.warn({ error }, "receipt not acknowledged");
  }
}

async function resend(sock: WASocket, wire: Wire, retry: BinaryNode): Promise<void> {
  const { id, from, recipient } = retry.attrs;
  const count = Number(getBinaryNodeChild(retry, "retry")?.attrs["count"] ?? 1);
  if (!id || !from || !recipient || count > MAX_RETRIES) return;
  // The next message to any customer has a copy for this phone: it needs the new session whatever the outcome of this
  // one.
  await sock.assertSessions([from], true);
  const message = await findSentText(wire, { id });
  if (message === undefined) return;
  await sock.relayMessage(recipient, message, { messageId: id, participant: { jid: from, count } });
}
