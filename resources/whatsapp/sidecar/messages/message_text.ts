// Extracts the text of a message: written, chosen from a list, or a caption.
import { normalizeMessageContent, type proto } from "baileys";
import type { HostRequests } from "../protocol/host_requests.ts";

export type Content = Pick<HostRequests["inbound"], "kind" | "text" | "about"> & {
  /** Unix milliseconds on the phone's clock, of kinds that must stay in order. */
  readonly changedAt?: number;
};

export function makeContent(kind: Content["kind"], text?: string | null): Content {
  return { kind, text: text ?? null, about: null };
}

export function readText(message: proto.IMessage): Content | null {
  const text =
    message.conversation ??
    message.extendedTextMessage?.text ??
    message.buttonsResponseMessage?.selectedDisplayText ??
    message.templateButtonReplyMessage?.selectedDisplayText ??
    message.listResponseMessage?.title ??
    message.interactiveResponseMessage?.body?.text;
  return text ? makeContent("text", text) : null;
}

export function readMedia(message: proto.IMessage): Content | null {
  const { imageMessage, videoMessage, documentMessage } = message;
  if (imageMessage) return makeContent("image", imageMessage.caption);
  if (videoMessage) return makeContent("video", videoMessage.caption);
  if (documentMessage) return makeContent("document", documentMessage.caption);
  if (message.ptvMessage) return makeContent("video", message.ptvMessage.caption);
  if (message.stickerMessage ?? message.lottieStickerMessage) return makeContent("sticker");
  return message.audioMessage ? makeContent("audio") : null;
}

/** Returns the text or caption that an edit puts in place of the old one; null where it brings no message. */
export function editedText(edited: proto.IMessage | null | undefined): string | null {
  const message = normalizeMessageContent(edited ?? undefined);
  return message ? ((readText(message) ?? readMedia(message))?.text ?? "") : null;
}
