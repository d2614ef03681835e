// What a customer can send: the protobuf message of each kind, without any real media.
import { randomBytes } from "node:crypto";
import { proto } from "baileys";

export const CONTENT_KINDS = [
  "text",
  "extended",
  "ephemeral",
  "view_once",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "location",
  "contact",
  "reaction",
  "poll",
  "revoke",
  "edit",
] as const;

export type ContentKind = (typeof CONTENT_KINDS)[number];

export interface Content {
  readonly kind: ContentKind;
  /** The words, the caption, the emoji of a reaction. */
  readonly text: string;
  /** The message that a reaction, a revocation or an edit is about. */
  readonly target: proto.IMessageKey;
}

const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
const DURATION_S = 3;

/** Looks like media; what it points at does not exist. */
function media(mimetype: string) {
  return {
    url: "https://mmg.whatsapp.net/none",
    directPath: "/none",
    mimetype,
    mediaKey: randomBytes(32),
    fileSha256: randomBytes(32),
    fileEncSha256: randomBytes(32),
    fileLength: 1024,
  };
}

const MAKERS: Record<ContentKind, (content: Content) => proto.IMessage> = {
  text: ({ text }) => ({ conversation: text }),
  extended: ({ text }) => ({ extendedTextMessage: { text } }),
  ephemeral: ({ text }) => ({ ephemeralMessage: { message: { extendedTextMessage: { text } } } }),
  view_once: ({ text }) => ({
    viewOnceMessageV2: {
      message: { imageMessage: { ...media("image/jpeg"), caption: text, viewOnce: true } },
    },
  }),
  image: ({ text }) => ({ imageMessage: { ...media("image/jpeg"), caption: text } }),
  video: ({ text }) => ({ videoMessage: { ...media("video/mp4"), caption: text, seconds: DURATION_S } }),
  audio: () => ({ audioMessage: { ...media("audio/ogg; codecs=opus"), ptt: true, seconds: DURATION_S } }),
  document: ({ text }) => ({ documentMessage: { ...media("application/pdf"), fileName: text } }),
  sticker: () => ({ stickerMessage: { ...media("image/webp"), height: 512, width: 512 } }),
  location: ({ text }) => ({
    locationMessage: { degreesLatitude: -14.79, degreesLongitude: -39.05, name: text },
  }),
  contact: ({ text }) => ({ contactMessage: { displayName: text, vcard: "BEGIN:VCARD\nEND:VCARD" } }),
  reaction: ({ text, target }) => ({ reactionMessage: { key: target, text, senderTimestampMs: Date.now() } }),
  poll: ({ text }) => ({
    pollCreationMessage: { name: text, options: [{ optionName: "1" }, { optionName: "2" }] },
  }),
  revoke: ({ target }) => ({ protocolMessage: { type: REVOKE, key: target } }),
  edit: ({ text, target }) => ({
    protocolMessage: { type: MESSAGE_EDIT, key: target, editedMessage: { conversation: text } },
  }),
};

export function messageOf(content: Content): proto.IMessage {
  return MAKERS[content.kind](content);
}
