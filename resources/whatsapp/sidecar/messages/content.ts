// Classifies a message by its content; fields on neither list are not written by a person.
import { normalizeMessageContent, proto, type WAMessage } from "baileys";
import { log } from "../log.ts";
import { readChange } from "./message_changes.ts";
import { makeContent, readMedia, readText, type Content } from "./message_text.ts";

/** Content that a person writes and this program does not show; the shop reads it on its phone. */
const OTHER_FIELDS = [
  "locationMessage",
  "liveLocationMessage",
  "contactMessage",
  "contactsArrayMessage",
  "pollCreationMessage",
  "pollCreationMessageV2",
  "pollCreationMessageV3",
  "pollCreationMessageV4",
  "pollCreationMessageV5",
  "eventMessage",
  "groupInviteMessage",
  "productMessage",
  "orderMessage",
  "listMessage",
  "buttonsMessage",
  "interactiveMessage",
  "templateMessage",
  "highlyStructuredMessage",
  "sendPaymentMessage",
  "requestPaymentMessage",
  "declinePaymentRequestMessage",
  "cancelPaymentRequestMessage",
  "paymentInviteMessage",
  "invoiceMessage",
  "stickerPackMessage",
] as const satisfies readonly (keyof proto.IMessage)[];

/** Fields carried beside a message, or made by an act that is no message; every other field is named in the log. */
const TECHNICAL_FIELDS = new Set([
  "senderKeyDistributionMessage",
  "messageContextInfo",
  "albumMessage",
  "pinInChatMessage",
  "keepInChatMessage",
  "pollUpdateMessage",
  "encReactionMessage",
  "encEventResponseMessage",
  "call",
  "callLogMesssage",
  "bcallMessage",
  "scheduledCallCreationMessage",
  "scheduledCallEditMessage",
]);

/** Returns null for content without an author: protocol notices, album heads, pins, votes, calls, keys. */
export function readContent({ message, messageStubType }: WAMessage): Content | null {
  if (messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) return makeContent("unreadable");
  const inner = normalizeMessageContent(message);
  if (!inner) return null;
  const change = readChange(inner);
  if (change !== undefined) return change;
  // The phone withholds the content from linked devices and says only that there is some.
  if (inner.placeholderMessage) return makeContent("unreadable");
  return readText(inner) ?? readMedia(inner) ?? readOther(inner);
}

function readOther(inner: proto.IMessage): Content | null {
  if (OTHER_FIELDS.some((field) => inner[field])) return makeContent("other");
  const unknown = Object.keys(inner).find((field) => !TECHNICAL_FIELDS.has(field));
  if (unknown !== undefined) log.warn({}, `message left out, of the kind ${unknown}`);
  return null;
}
