// Marks customers' messages as read, for the customer and on the shop's phone.
import type { BinaryNode, WAMessageKey } from "baileys";
import type { Params } from "../protocol/requests.ts";
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "../session/connection.ts";
import { sanitizeId } from "./sanitize.ts";
import { isPerson } from "./sender.ts";

const MAX_REMEMBERED = 2000;

/**
 * Remembers under which id and address each message came: Python knows an odd id in another form, and a customer's
 * number where the chat goes by the account id (LID).
 */
export class ReceivedMessages {
  readonly #keys = new Map<string, WAMessageKey>();

  watch(connection: Connection): void {
    connection.onStanza("message", ({ attrs }: BinaryNode) => {
      const { id, from } = attrs;
      if (id !== undefined && from !== undefined && isPerson(from)) this.#add({ id, remoteJid: from });
    });
  }

  /** Returns the message's key as it came; the given one after a restart. */
  key(messageId: string, jid: string): WAMessageKey {
    return this.#keys.get(messageId) ?? { id: messageId, remoteJid: jid };
  }

  #add(key: WAMessageKey & { id: string }): void {
    this.#keys.set(sanitizeId(key.id), key);
    const oldest = this.#keys.keys().next().value;
    if (oldest !== undefined && this.#keys.size > MAX_REMEMBERED) this.#keys.delete(oldest);
  }
}

/** Baileys tells the shop's phone alone where the account's read receipts are off: never by settings of before. */
export async function markRead(
  connection: Connection | null,
  received: ReceivedMessages,
  { jid, message_ids }: Params<"mark_read">,
): Promise<void> {
  if (connection?.isOpen !== true) throw new Failure("not_connected");
  const keys = message_ids.map((id) => received.key(id, jid));
  await connection.answer(connection.privacySettled().then(() => connection.sock.readMessages(keys)));
}
