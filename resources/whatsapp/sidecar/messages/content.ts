// Reads what a message is; what stands on no list here is no message of a person.
import { normalizeMessageContent, proto, type WAMessage } from "baileys";
import { log } from "../log.ts";
import { readChange } from "./message_changes.ts";
import { makeContent, readMedia, readText, type Content } from "./message_text.ts";

/** What a person writes and this program has no word for; the shop looks at it on its phone. */
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

/** Carried beside a message, or made by an act that is none; every other kind is named in the log. */
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

/** Null for what nobody wrote: notices of the protocol, album heads, pins, votes, calls, keys. */
export function readContent({ message, messageStubType }: WAMessage): Content | null {
  if (messageStubType === proto.WebMessageInfo.StubType.CIPHERTEXT) return makeContent("unreadable");
  const inner = normalizeMessageContent(message);
  if (!inner) return null;
  const change = readChange(inner);
  if (change !== undefined) return change;
  // The phone keeps it from linked devices, and says that there is something.
  if (inner.placeholderMessage) return makeContent("unreadable");
  return readText(inner) ?? readMedia(inner) ?? readOther(inner);
}

function readOther(inner: proto.IMessage): Content | null {
  if (OTHER_FIELDS.some((field) => inner[field])) return makeContent("other");
  const unknown = Object.keys(inner).find((field) => !TECHNICAL_FIELDS.has(field));
  if (unknown !== undefined) log.warn({}, `message left out, of the kind ${unknown}`);
  return null;
}
