// Finds the words of a message: what was written, chosen, or stands beneath a picture.
import { normalizeMessageContent, type proto } from "baileys";
import type { HostRequests } from "../protocol/host_requests.ts";

export type Content = Pick<HostRequests["inbound"], "kind" | "text" | "about"> & {
  /** Unix milliseconds on the phone's clock, of what has an order among its like. */
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

/** What an edit puts in the place of a text or a caption; null where it brings no message. */
export function editedText(edited: proto.IMessage | null | undefined): string | null {
  const message = normalizeMessageContent(edited ?? undefined);
  return message ? ((readText(message) ?? readMedia(message))?.text ?? "") : null;
}
