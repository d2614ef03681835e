// The notice with which the shop's phone pushes its chats: found in a decrypted message, and opened again later.
import { proto, type BinaryNode, type WAMessage, type WASocket } from "baileys";
import { log } from "../log.ts";
import { isOwnPhone } from "../messages/own_phone_retry.ts";

export type HistoryNotice = proto.Message.IHistorySyncNotification;

const { HistorySyncNotification, HistorySyncType } = proto.Message;
const { INITIAL_BOOTSTRAP, FULL, RECENT, NON_BLOCKING_DATA } = HistorySyncType;

/** Kinds that hold chats or the salt; the others hold names, status posts or requested messages. */
const KINDS = new Set<number>([INITIAL_BOOTSTRAP, FULL, RECENT, NON_BLOCKING_DATA]);
/** A line of the wire holds it as base64. */
const MAX_NOTICE_BYTES = 2 * 1024 * 1024;

/**
 * Returns the notice as text. The Signal session of the phone's address has opened it, which proves its writer.
 */
export function historyNoticeIn(
  sock: WASocket,
  { attrs }: BinaryNode,
  { message }: WAMessage,
): string | null {
  const notice = message?.protocolMessage?.historySyncNotification;
  if (!notice || attrs["category"] !== "peer" || !isOwnPhone(sock, attrs["from"] ?? "")) return null;
  if (!KINDS.has(notice.syncType ?? INITIAL_BOOTSTRAP)) return null;
  const encoded = HistorySyncNotification.encode(notice).finish();
  if (encoded.length > MAX_NOTICE_BYTES) {
    log.warn({}, "history not kept: its notice is too long");
    return null;
  }
  return Buffer.from(encoded).toString("base64");
}

export function openNotice(text: string): HistoryNotice {
  return HistorySyncNotification.decode(Buffer.from(text, "base64"));
}
