// The time in a message after which it disappears.
import { getContentType, normalizeMessageContent, type proto } from "baileys";

type Timed = { contextInfo?: proto.IContextInfo | null } | null | undefined;

/** Returns the message as a phone writes it into a chat with this timer. */
export function withExpiration(message: proto.IMessage, seconds: number): proto.IMessage {
  if (seconds === 0) {
    return message;
  }
  const { conversation: text } = message;
  const timed = typeof text === "string" ? { extendedTextMessage: { text } } : message;
  const content = contentOf(timed);
  if (content) {
    content.contextInfo = { ...content.contextInfo, expiration: seconds };
  }
  return timed;
}

/** Returns 0 for a message that does not disappear. */
export function expirationOf(message: proto.IMessage): number {
  return contentOf(message)?.contextInfo?.expiration ?? 0;
}

function contentOf(message: proto.IMessage): Timed {
  const inner = normalizeMessageContent(message);
  const type = getContentType(inner);
  return inner && type && type !== "conversation" ? (inner[type] as Timed) : undefined;
}
