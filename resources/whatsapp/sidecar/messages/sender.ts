// Identifies the author of a message: the number, and the account id where WhatsApp sends it.
import { isLidUser, isPnUser, jidDecode, jidNormalizedUser, type WAMessage, type WASocket } from "baileys";
import { log } from "../log.ts";
import type { HostRequests } from "../protocol/host_requests.ts";

type Sender = Pick<HostRequests["inbound"], "jid" | "number" | "lid">;

/** Returns true for chats with one person alone; groups, status posts and channels do not concern the shop. */
export function isDirectChat({ key }: WAMessage): boolean {
  return (
    key.fromMe !== true && (isPnUser(key.remoteJid ?? "") === true || isLidUser(key.remoteJid ?? "") === true)
  );
}

export async function senderOf(sock: WASocket, { key }: WAMessage): Promise<Sender> {
  const jids = [key.remoteJid, key.remoteJidAlt].flatMap((jid) => (jid ? jidNormalizedUser(jid) : []));
  const lid = jids.find((jid) => isLidUser(jid)) ?? null;
  const phone = jids.find((jid) => isPnUser(jid)) ?? (lid === null ? null : await phoneOfLid(sock, lid));
  const user = phone === null ? undefined : jidDecode(phone)?.user;
  return { jid: phone ?? lid ?? "", number: user === undefined ? null : `+${user}`, lid };
}

async function phoneOfLid(sock: WASocket, lid: string): Promise<string | null> {
  try {
    const phone = await sock.signalRepository.lidMapping.getPNForLID(lid);
    return phone === null ? null : jidNormalizedUser(phone);
  } catch (error) {
    log.warn({ error }, "sender without a number");
    return null;
  }
}
