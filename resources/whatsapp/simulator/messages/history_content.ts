// Content of a history: the chats of the account's phone with their tokens, hidden ids, timers and texts.
import { proto } from "baileys";
import { lidJid, pnJid } from "../stream/jids.ts";
import { bigEndian } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { PLAIN_CHAT } from "../world/phone_chat.ts";

const { HistorySync } = proto;
const { INITIAL_BOOTSTRAP } = HistorySync.HistorySyncType;

/** Field 19 with the wire type of bytes, which Baileys' proto does not know. */
const SALT_TAG = [0x9a, 0x01];

/** Holds the salt alone, without a chat. */
export function emptyHistory(account: Account): Uint8Array {
  return encoded(account, { syncType: INITIAL_BOOTSTRAP });
}

/** Lists the customers who have written, have given a token, or have a chat on the phone. */
export function wholeHistory(network: Network, account: Account): Uint8Array {
  const partners = network.world.contacts.filter(
    ({ user }) =>
      account.contactHistory.has(user) || account.privacyTokens.has(user) || account.chats.has(user),
  );
  return encoded(account, {
    syncType: INITIAL_BOOTSTRAP,
    conversations: partners.map((customer) => conversation(account, customer)),
    pushnames: partners
      .filter(isNumberKnown)
      .map(({ user, name }) => ({ id: pnJid(user), pushname: name ?? null })),
    phoneNumberToLidMappings: partners.filter(isNumberKnown).map(({ user, lidUser }) => ({
      pnJid: pnJid(user),
      lidJid: lidJid(lidUser),
    })),
  });
}

function encoded({ nctSalt }: Account, history: proto.IHistorySync): Uint8Array {
  const salt = [Buffer.from(SALT_TAG), bigEndian(nctSalt.length, 1), nctSalt];
  return Buffer.concat([HistorySync.encode(history).finish(), ...salt]);
}

/** The phone, too, knows a customer who shows no number by the hidden id alone. */
function isNumberKnown({ isLidTold, hidden }: Contact): boolean {
  return isLidTold || !hidden;
}

function conversation(account: Account, customer: Contact): proto.IConversation {
  const { user, lidUser, name } = customer;
  const now = Math.floor(Date.now() / 1000);
  const token = account.privacyTokens.get(user);
  const { tokenAgeS, disappearsS, text } = account.chats.get(user) ?? PLAIN_CHAT;
  const id = isNumberKnown(customer) ? pnJid(user) : lidJid(lidUser);
  return {
    id,
    lidJid: lidJid(lidUser),
    name: name ?? null,
    ...(text !== undefined && { messages: [message(id, text, now)] }),
    ...(disappearsS > 0 && { ephemeralExpiration: disappearsS, ephemeralSettingTimestamp: now }),
    ...(token && { tcToken: token, tcTokenTimestamp: now - tokenAgeS }),
  };
}

function message(remoteJid: string, text: string, messageTimestamp: number): proto.IHistorySyncMsg {
  const key = { remoteJid, fromMe: false, id: "3AHISTORY" };
  return { message: { key, message: { conversation: text }, messageTimestamp }, msgOrderId: 1 };
}
