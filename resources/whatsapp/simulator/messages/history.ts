// History sync: the account's phone pushes its chats to a program in a peer message.
import { promisify } from "node:util";
import { deflate } from "node:zlib";
import { proto } from "baileys";
import { lidJid, pnJid } from "../stream/jids.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { newMessageId, sendToDevice } from "./device_messages.ts";

const compress = promisify(deflate);
const { HistorySync, Message } = proto;

/** Pushes the chats after a device's first login, when the option `history` is on. */
export async function bootstrapHistory(network: Network, device: LinkedDevice): Promise<void> {
  const account = network.world.account(device.account.user);
  if (account && network.options.history && !device.hasHistory) {
    await pushHistory(network, account, device);
  }
}

export async function pushHistory(network: Network, account: Account, device: LinkedDevice): Promise<void> {
  device.hasHistory = true;
  const history = HistorySync.encode(chatsOf(network, account)).finish();
  const historySyncNotification = {
    syncType: Message.HistorySyncType.INITIAL_BOOTSTRAP,
    initialHistBootstrapInlinePayload: await compress(history),
    chunkOrder: 1,
    progress: 100,
  };
  const type = Message.ProtocolMessage.Type.HISTORY_SYNC_NOTIFICATION;
  await sendToDevice(network, account.phone, account.user, device, {
    id: newMessageId(),
    message: { protocolMessage: { type, historySyncNotification } },
    envelope: { from: pnJid(account.user), category: "peer", type: "text" },
  });
}

/** Lists the customers who have written or have given a token. */
function chatsOf(network: Network, account: Account): proto.IHistorySync {
  const partners = network.world.contacts.filter(
    ({ user }) => account.contactHistory.has(user) || account.privacyTokens.has(user),
  );
  return {
    syncType: HistorySync.HistorySyncType.INITIAL_BOOTSTRAP,
    conversations: partners.map((customer) => conversation(account, customer)),
    pushnames: partners
      .filter(isNumberKnown)
      .map(({ user, name }) => ({ id: pnJid(user), pushname: name ?? null })),
    phoneNumberToLidMappings: partners.filter(isNumberKnown).map(({ user, lidUser }) => ({
      pnJid: pnJid(user),
      lidJid: lidJid(lidUser),
    })),
  };
}

/** The phone, too, knows a customer who shows no number by the hidden id alone. */
function isNumberKnown({ isLidTold, hidden }: Contact): boolean {
  return isLidTold || !hidden;
}

function conversation(account: Account, customer: Contact): proto.IConversation {
  const { user, lidUser, name } = customer;
  const token = account.privacyTokens.get(user);
  return {
    id: isNumberKnown(customer) ? pnJid(user) : lidJid(lidUser),
    lidJid: lidJid(lidUser),
    name: name ?? null,
    ...(token && { tcToken: token, tcTokenTimestamp: Math.floor(Date.now() / 1000) }),
  };
}
