// Admin requests about people: accounts, customers, scanning a QR code, writing to the shop.
import { newMessageId, writeToShop } from "../messages/inbound.ts";
import { scan } from "../pairing/pairing.ts";
import { lidJid, pnJid } from "../stream/jids.ts";
import { Account } from "../world/account.ts";
import { Contact } from "../world/contact.ts";
import type { PhoneMode } from "../world/inbox.ts";
import type { Network } from "../world/network.ts";
import type { ContactEntry } from "../world/world.ts";
import { BadRequest, flag, list, oneOf, phoneNumber, required, text, whole, type Fields } from "./fields.ts";

const MODES: readonly PhoneMode[] = ["dedupe", "strict"];

function numberIn(fields: Fields): string {
  return required(phoneNumber(fields, "number"), "number");
}

export function accountAt(network: Network, number: string): Account {
  const account = network.world.byNumber(number);
  if (!(account instanceof Account)) {
    throw new BadRequest("no account has this number");
  }
  return account;
}

export function addAccount(network: Network, fields: Fields): object {
  const number = numberIn(fields);
  if (network.world.byNumber(number) instanceof Contact) {
    throw new BadRequest("this number is a customer's");
  }
  const account = network.world.addAccount(number, {
    name: text(fields, "name"),
    business: flag(fields, "business"),
    online: flag(fields, "online"),
  });
  return { number: account.number, jid: pnJid(account.user), lid: lidJid(account.lidUser) };
}

export async function scanQr(network: Network, fields: Fields): Promise<object | undefined> {
  const account = accountAt(network, numberIn(fields));
  const device = await scan(network, account, required(text(fields, "qr"), "qr"));
  return device === undefined ? undefined : { device };
}

function contactIn(network: Network, fields: Fields): ContactEntry {
  const number = numberIn(fields);
  if (network.world.byNumber(number) instanceof Account) {
    throw new BadRequest("this number is a shop's");
  }
  return {
    number,
    name: text(fields, "name"),
    exists: flag(fields, "exists"),
    registered_as: phoneNumber(fields, "registered_as"),
    companions: whole(fields, "companions"),
    mode: oneOf(fields, "mode", MODES),
    online: flag(fields, "online"),
    reads: flag(fields, "reads"),
  };
}

export function addContacts(network: Network, fields: Fields): object {
  const entries = list(fields, "contacts").map((entry) => contactIn(network, entry));
  for (const entry of entries) {
    network.world.addContact(entry);
  }
  return { count: entries.length };
}

/** `to` names the shop when there are several; 409 when there is none. */
export async function writeInbound(network: Network, fields: Fields): Promise<object | undefined> {
  const customer = network.world.byNumber(numberIn(fields));
  const to = phoneNumber(fields, "to");
  const account = to === undefined ? network.world.accounts[0] : accountAt(network, to);
  if (!(customer instanceof Contact)) {
    throw new BadRequest("no customer has this number");
  }
  if (!account) {
    return undefined;
  }
  const id = text(fields, "id") ?? newMessageId();
  await writeToShop(network, customer, account, id, required(text(fields, "text"), "text"));
  return { id };
}
