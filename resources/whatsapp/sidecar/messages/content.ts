// Reads the kind and the words of a message out of its many envelopes.
import { normalizeMessageContent, proto, type WAMessage } from "baileys";
import type { Questions } from "../protocol/questions.ts";

type Content = Pick<Questions["inbound"], "kind" | "text">;

/** Null for what nobody wrote: notices of the protocol, missed calls, keys. */
export function readContent({ message, messageStubType }: WAMessage): Content | null {
  if (messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) return { kind: "unreadable", text: null };
  const content = normalizeMessageContent(message);
  if (!content || content.protocolMessage) return null;
  const text = content.conversation ?? content.extendedTextMessage?.text;
  if (text) return { kind: "text", text };
  if (content.reactionMessage) return { kind: "reaction", text: content.reactionMessage.text ?? null };
  if (content.stickerMessage) return { kind: "sticker", text: null };
  return readMedia(content) ?? (isOnlyKeys(content) ? null : { kind: "other", text: null });
}

function readMedia(content: proto.IMessage): Content | null {
  const { imageMessage, videoMessage, documentMessage } = content;
  if (imageMessage) return { kind: "image", text: imageMessage.caption ?? null };
  if (videoMessage) return { kind: "video", text: videoMessage.caption ?? null };
  if (documentMessage) return { kind: "document", text: documentMessage.caption ?? null };
  if (content.ptvMessage) return { kind: "video", text: null };
  return content.audioMessage ? { kind: "audio", text: null } : null;
}

function isOnlyKeys(content: proto.IMessage): boolean {
  const carried = Object.keys(content).filter(
    (field) => field !== "senderKeyDistributionMessage" && field !== "messageContextInfo",
  );
  return carried.length === 0;
}
