// Content that a customer can send: the protobuf message of each kind, without any real media.
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
  "wrapped_edit",
  "secret_edit",
  "album",
  "pin",
  "keep",
  "vote",
  "call",
  "payment",
] as const;

export type ContentKind = (typeof CONTENT_KINDS)[number];

export interface Content {
  readonly kind: ContentKind;
  /** The text, the caption, the emoji of a reaction. */
  readonly text: string;
  /** The message that a reaction, a revocation, an edit, a pin, a keep or a vote is about. */
  readonly target: proto.IMessageKey;
  /** Bytes of the message itself, valid or not; they replace the other fields. */
  readonly raw?: Uint8Array | undefined;
}

const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
const SECRET_EDIT = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT;
const PIN = proto.Message.PinInChatMessage.Type.PIN_FOR_ALL;
const KEEP = proto.KeepType.KEEP_FOR_ALL;
const DURATION_S = 3;

/** Fields of media, without a file behind them. */
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

const BUILDERS: Record<ContentKind, (content: Content) => proto.IMessage> = {
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
  edit: ({ text, target }) => edit(text, target),
  wrapped_edit: ({ text, target }) => ({ editedMessage: { message: edit(text, target) } }),
  // It cannot be decrypted: there is no secret behind it.
  secret_edit: ({ target }) => ({
    secretEncryptedMessage: {
      targetMessageKey: target,
      encPayload: randomBytes(64),
      encIv: randomBytes(12),
      secretEncType: SECRET_EDIT,
    },
  }),
  album: () => ({ albumMessage: { expectedImageCount: 2 } }),
  pin: ({ target }) => ({ pinInChatMessage: { key: target, type: PIN, senderTimestampMs: Date.now() } }),
  keep: ({ target }) => ({ keepInChatMessage: { key: target, keepType: KEEP, timestampMs: Date.now() } }),
  vote: ({ target }) => ({
    pollUpdateMessage: {
      pollCreationMessageKey: target,
      vote: { encPayload: randomBytes(48), encIv: randomBytes(12) },
      senderTimestampMs: Date.now(),
    },
  }),
  call: () => ({ callLogMesssage: { isVideo: false } }),
  payment: ({ text }) => ({ requestPaymentMessage: { noteMessage: { conversation: text } } }),
};

function edit(text: string, target: proto.IMessageKey): proto.IMessage {
  const editedMessage = { conversation: text };
  return { protocolMessage: { type: MESSAGE_EDIT, key: target, editedMessage, timestampMs: Date.now() } };
}

export function buildMessage(content: Content): proto.IMessage | Uint8Array {
  return content.raw ?? BUILDERS[content.kind](content);
}

/** Returns the bytes before the padding. */
export function encodeMessage(message: proto.IMessage | Uint8Array): Uint8Array {
  return message instanceof Uint8Array ? message : proto.Message.encode(message).finish();
}
