// Reads the disappearing-messages timer of a chat from a message that a phone wrote into it.
import {
  getContentType,
  normalizeMessageContent,
  proto,
  type BinaryNode,
  type WAMessage,
  type WASocket,
} from "baileys";
import type { ChatTimer } from "../protocol/host_requests.ts";
import { lidOfJid, numberOfJid } from "./account_ids.ts";
import { isOwnPhone } from "./own_phone_retry.ts";
import { isPerson } from "./sender.ts";

const { EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;
/** WhatsApp offers 90 days at most; a phone may send any number. */
const MAX_SECONDS = 366 * 86_400;

/**
 * Returns null for a message without a time of its own, which does not mean that the chat has no timer.
 * Of the shop's own devices the phone alone is believed, for other programs may be behind.
 */
export function chatTimerIn(sock: WASocket, message: WAMessage, stanza?: BinaryNode): ChatTimer | null {
  const { key, messageTimestamp } = message;
  if (!isPerson(key.remoteJid) || (key.fromMe && !isOwnPhone(sock, stanza?.attrs["from"] ?? ""))) return null;
  const seconds = secondsIn(message.message ?? {});
  // A time of the PC's clock could hold the timer for as long as that clock was wrong.
  const at = Number(messageTimestamp?.toString()) * 1000;
  const jids = key.fromMe ? [key.remoteJid] : [key.remoteJid, key.remoteJidAlt];
  const [number, lid] = [firstOf(jids, numberOfJid), firstOf(jids, lidOfJid)];
  if (seconds === null || !Number.isSafeInteger(at) || at <= 0 || (number ?? lid) === null) return null;
  return { number, lid, seconds, at };
}

function secondsIn(message: proto.IMessage): number | null {
  const inner = normalizeMessageContent(message.deviceSentMessage?.message ?? message);
  const type = getContentType(inner);
  if (!inner || !type) return null;
  const seconds = inner.protocolMessage ? settingIn(inner.protocolMessage) : expirationIn(inner[type]);
  return seconds !== null && Number.isSafeInteger(seconds) && seconds <= MAX_SECONDS ? seconds : null;
}

/** Zero, which turns the timer off, may be left out. */
function settingIn({ type, ephemeralExpiration }: proto.Message.IProtocolMessage): number | null {
  return type === EPHEMERAL_SETTING ? (ephemeralExpiration ?? 0) : null;
}

function expirationIn(content: proto.IMessage[keyof proto.IMessage]): number | null {
  if (typeof content !== "object" || content === null || !("contextInfo" in content)) return null;
  const { contextInfo } = content;
  return contextInfo && Object.hasOwn(contextInfo, "expiration") ? (contextInfo.expiration ?? null) : null;
}

function firstOf(
  jids: (string | null | undefined)[],
  read: (jid: string | undefined) => string | null,
): string | null {
  return jids.map((jid) => read(jid ?? undefined)).find((found) => found !== null) ?? null;
}
