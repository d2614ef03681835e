// Acknowledges posts of groups, status, broadcast lists and channels without decrypting them.
import type { BinaryNode } from "baileys";
import { log } from "../log.ts";
import type { Connection } from "../session/connection.ts";
import { isOwn } from "./recipients.ts";

const POST = /@(?:g\.us|broadcast|newsletter)$/;
const CHANNEL = /@newsletter$/;

/** Returns true for a message that is not written to the shop alone, and concerns no order. */
export function isPost({ attrs }: BinaryNode): boolean {
  return POST.test(attrs["from"] ?? "");
}

/**
 * Lets WhatsApp forget a post, with the receipt that Baileys would send for a decrypted one. Baileys takes one message
 * at a time, and about a second for one that it cannot decrypt: customers' messages would wait behind it.
 */
export async function acknowledgePost(connection: Connection, { attrs }: BinaryNode): Promise<void> {
  const { id, from, participant, type } = attrs;
  const { sock } = connection;
  if (!id || !from) return;
  try {
    if (CHANNEL.test(from)) {
      const me = sock.authState.creds.me?.id;
      await sock.sendNode({
        tag: "ack",
        attrs: { id, to: from, class: "message", ...(type && { type }), ...(me && { from: me }) },
      });
    } else {
      const own = participant !== undefined && isOwn(sock, participant);
      await sock.sendReceipt(from, participant, [id], own ? "sender" : "inactive");
    }
  } catch (error) {
    // It comes again after the next login.
    log.warn({ error }, "post not acknowledged");
  }
}
