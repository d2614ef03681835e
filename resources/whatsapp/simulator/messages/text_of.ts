// The words that a phone shows for a decrypted message.
import { normalizeMessageContent, type proto } from "baileys";

/** Undefined: nothing to show, only technical content. Null: something without words. */
export function textOf(message: proto.IMessage): string | null | undefined {
  const content = normalizeMessageContent(message);
  if (!content || content.protocolMessage || content.senderKeyDistributionMessage) {
    return undefined;
  }
  return content.conversation ?? content.extendedTextMessage?.text ?? null;
}
