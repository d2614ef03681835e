// The text that a phone shows for a decrypted message.
import { normalizeMessageContent, type proto } from "baileys";

/** Undefined: technical content that is not shown. Null: content without a text. */
export function textOf(message: proto.IMessage): string | null | undefined {
  const content = normalizeMessageContent(message);
  if (!content || content.protocolMessage || content.senderKeyDistributionMessage) {
    return undefined;
  }
  return content.conversation ?? content.extendedTextMessage?.text ?? null;
}
