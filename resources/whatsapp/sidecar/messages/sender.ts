// Identifies the author of a message: the number, the account id and the username, where WhatsApp sends them.
import { jidDecode, type BinaryNode, type WAMessage, type WASocket } from "baileys";
import { log } from "../log.ts";
import type { HostRequests } from "../protocol/host_requests.ts";
import { lidOfJid, numberOfJid, sanitizeUsername } from "./account_ids.ts";

export type Sender = Pick<HostRequests["inbound"], "jid" | "number" | "lid" | "username">;

const PERSON = /@(?:s\.whatsapp\.net|hosted|(?:hosted\.)?lid)$/;
const NUMBER = /@(?:s\.whatsapp\.net|hosted)$/;

/** Returns true for an address of one person; groups, status posts and channels do not concern the shop. */
export function isPerson(jid: string | null | undefined): boolean {
  return PERSON.test(jid ?? "");
}

/** Returns true for a message of another person in a chat with that person alone. */
export function isDirectChat({ key }: WAMessage): boolean {
  return key.fromMe !== true && isPerson(key.remoteJid);
}

/** Returns the writer's addresses that a stanza names by itself, before anything of it is decrypted. */
export function addressesIn({ attrs }: BinaryNode): Pick<Sender, "number" | "lid"> {
  const jids = [attrs["from"], attrs["sender_pn"], attrs["sender_lid"]];
  const known = <T>(addresses: (T | null)[]): T | null => addresses.find((each) => each !== null) ?? null;
  return { number: known(jids.map(numberOfJid)), lid: known(jids.map(lidOfJid)) };
}

/** Baileys drops the username, which only the stanza itself holds. */
export async function senderOf(
  sock: WASocket,
  { key }: WAMessage,
  stanza: BinaryNode | undefined,
): Promise<Sender> {
  const jids = [key.remoteJid, key.remoteJidAlt].flatMap((jid) => jid ?? []);
  const lid = jids.map((jid) => lidOfJid(jid)).find((found) => found !== null) ?? null;
  const named = jids.find((jid) => NUMBER.test(jid)) ?? (lid === null ? null : await phoneOfLid(sock, lid));
  const user = named === null ? undefined : jidDecode(named)?.user;
  return {
    jid: user === undefined ? (lid ?? "") : `${user}@s.whatsapp.net`,
    number: user === undefined ? null : `+${user}`,
    lid,
    username: sanitizeUsername(stanza?.attrs["username"]),
  };
}

/** Returns the number that Baileys has stored for an account id, if there is one; never rejects. */
export async function phoneOfLid(sock: WASocket, lid: string): Promise<string | null> {
  try {
    return await sock.signalRepository.lidMapping.getPNForLID(lid);
  } catch (error) {
    log.warn({ error }, "sender without a number");
    return null;
  }
}
