// Sends to the shop's own phone again, and to nobody else, what it could not read.
import { buildAckStanza, getBinaryNodeChild, jidDecode, type BinaryNode, type WASocket } from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import { isOwn } from "./recipients.ts";
import { findSentText } from "./sent_text.ts";

/** WhatsApp gives up after this many as well. */
const MAX_RETRIES = 5;

/** The phone is the account's first device; the linked ones have numbers. */
export function isOwnPhone(sock: WASocket, jid: string): boolean {
  return isOwn(sock, jid) && !jidDecode(jid)?.device;
}

/**
 * Baileys answers any phone's retry by sending to all devices once more. Asked by the shop's phone, that would bring
 * the customer the message twice: so its retry is answered and acknowledged here. Never rejects.
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
  // The next message to anybody has a copy for this phone: it needs the new session whatever becomes of this one.
  await sock.assertSessions([from], true);
  const message = await findSentText(wire, { id });
  if (message === undefined) return;
  await sock.relayMessage(recipient, message, { messageId: id, participant: { jid: from, count } });
}
