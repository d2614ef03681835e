// Finds the text sent under an id, for a phone that could not decrypt it.
import type { proto, WAMessageKey } from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";

/** Looks it up by id alone: the asking device, or the same person under a LID, is not the address it was sent to. */
export async function findSentText(wire: Wire, key: WAMessageKey): Promise<proto.IMessage | undefined> {
  if (!key.id) return undefined;
  try {
    const { text, expiration_s: expiration } = await wire.request("sent_text.get", { message_id: key.id });
    if (text === null) return undefined;
    return { extendedTextMessage: { text, ...(expiration > 0 && { contextInfo: { expiration } }) } };
  } catch (error) {
    log.warn({ error }, "sent text not found");
    return undefined;
  }
}
