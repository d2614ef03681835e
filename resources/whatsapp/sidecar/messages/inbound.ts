// Tells what customers write to the shop.
import { isLidUser, isPnUser, jidDecode, jidNormalizedUser, type WAMessage, type WASocket } from "baileys";
import { log } from "../log.ts";
import type { News } from "../protocol/news.ts";
import type { Connection } from "../session/connection.ts";
import { readContent } from "./content.ts";
import { secondsToMoment } from "./moment.ts";

type Sender = Pick<News["inbound"], "jid" | "number" | "lid">;

/** Only chats with one person: groups, status posts and channels are none of the shop's business. */
export function watchInbound(connection: Connection): void {
  let last = Promise.resolve();
  connection.on("messages.upsert", ({ messages, type }) => {
    for (const message of messages.filter(isFromOnePerson)) {
      last = last.then(() => tell(connection, message, type === "notify"));
    }
  });
}

function isFromOnePerson({ key }: WAMessage): boolean {
  return (
    key.fromMe !== true && (isPnUser(key.remoteJid ?? "") === true || isLidUser(key.remoteJid ?? "") === true)
  );
}

async function tell(connection: Connection, message: WAMessage, live: boolean): Promise<void> {
  const content = readContent(message);
  if (content === null || !message.key.id) return;
  connection.tell("inbound", {
    message_id: message.key.id,
    ...(await senderOf(connection.sock, message)),
    name: message.pushName ?? null,
    ...content,
    at: secondsToMoment(message.messageTimestamp?.toString()),
    live,
  });
}

async function senderOf(sock: WASocket, { key }: WAMessage): Promise<Sender> {
  const known = [key.remoteJid, key.remoteJidAlt].flatMap((jid) => (jid ? jidNormalizedUser(jid) : []));
  const lid = known.find((jid) => isLidUser(jid)) ?? null;
  const phone = known.find((jid) => isPnUser(jid)) ?? (lid === null ? null : await phoneOf(sock, lid));
  const user = phone === null ? undefined : jidDecode(phone)?.user;
  return { jid: phone ?? lid ?? "", number: user === undefined ? null : `+${user}`, lid };
}

async function phoneOf(sock: WASocket, lid: string): Promise<string | null> {
  try {
    const phone = await sock.signalRepository.lidMapping.getPNForLID(lid);
    return phone === null ? null : jidNormalizedUser(phone);
  } catch (error) {
    log.warn({ error }, "sender without a number");
    return null;
  }
}
