// Admin requests about accounts, customers and their devices.
import { announceCustomerDevices, announcePrivacy } from "../notices/announce.ts";
import { identityChanged } from "../notices/encrypt.ts";
import { lidJid, pnJid } from "../stream/jids.ts";
import { Account } from "../world/account.ts";
import { Contact } from "../world/contact.ts";
import type { PhoneMode } from "../world/inbox.ts";
import type { Network } from "../world/network.ts";
import {
  BadRequest,
  boolean,
  listOf,
  required,
  oneOf,
  phoneNumber,
  text,
  wholeNumber,
  type Read,
} from "./fields.ts";
import { route } from "./route.ts";
import { customerAt } from "./lookup.ts";

const MODES: readonly PhoneMode[] = ["dedupe", "strict"];

const ACCOUNT = {
  number: required(phoneNumber),
  name: text,
  business: boolean,
  online: boolean,
  read_receipts: boolean,
};

const CONTACT = {
  number: required(phoneNumber),
  name: text,
  exists: boolean,
  registered_as: phoneNumber,
  companions: wholeNumber(),
  mode: oneOf(MODES),
  online: boolean,
  reads: boolean,
  hidden: boolean,
  lid_told: boolean,
  username: text,
};

function addAccount(network: Network, { number, ...fields }: Read<typeof ACCOUNT>) {
  if (network.world.byNumber(number) instanceof Contact) {
    throw new BadRequest("this number is a customer's");
  }
  const account = network.world.addAccount(number, fields);
  if (fields.read_receipts !== undefined) {
    announcePrivacy(account);
  }
  return { number: account.number, jid: pnJid(account.user), lid: lidJid(account.lidUser) };
}

function addContacts(network: Network, contacts: readonly Read<typeof CONTACT>[]) {
  if (contacts.some(({ number }) => network.world.byNumber(number) instanceof Account)) {
    throw new BadRequest("this number is a shop's");
  }
  for (const contact of contacts) {
    network.world.addContact(contact);
  }
  return { count: contacts.length };
}

function changeDevices(network: Network, number: string, companions: number) {
  const customer = customerAt(network, number);
  const before = customer.devices.map(({ id }) => id);
  customer.update({ companions });
  const after = customer.devices.map(({ id }) => id);
  const removed = before.filter((id) => !after.includes(id));
  const added = after.filter((id) => !before.includes(id));
  if (removed.length > 0) {
    announceCustomerDevices(network, customer, "remove", removed);
  }
  if (added.length > 0) {
    announceCustomerDevices(network, customer, "add", added);
  }
  return { devices: after };
}

function changePhone(network: Network, number: string): void {
  const customer = customerAt(network, number);
  customer.phone.renewIdentity();
  announceIdentity(network, customer);
}

function reregister(network: Network, number: string) {
  const customer = customerAt(network, number);
  network.world.reregister(customer);
  announceIdentity(network, customer);
  announceCustomerDevices(
    network,
    customer,
    "update",
    customer.devices.map(({ id }) => id),
  );
  return addresses(customer);
}

function addresses({ user, lidUser, username }: Contact) {
  return { jid: pnJid(user), lid: lidJid(lidUser), username: username ?? null };
}

function announceIdentity(network: Network, customer: Contact): void {
  for (const account of network.world.accounts) {
    for (const program of account.linkedDevices.values()) {
      program.deliver(identityChanged(customer));
    }
  }
}

export const ACCOUNT_ROUTES = [
  route(
    "POST /account",
    {
      takes: ACCOUNT,
      answers: "{number, jid, lid}",
      description:
        "there is a shop's phone with this number; `online` false keeps its copies waiting, `read_receipts` false is the privacy setting with which customers see no read receipts (its programs are told by `account_sync`); asking again changes only the given fields",
    },
    addAccount,
  ),
  route(
    "POST /contacts",
    {
      takes: { contacts: required(listOf(CONTACT)) },
      answers: "{count}",
      description:
        "there are customers' phones; `registered_as` is the form under which the account really is (ninth digit), `companions` how many devices are linked besides the phone, `mode` is `dedupe` (default, one bubble per id) or `strict` (one per decrypted message), `online` false keeps the message waiting outside the phone, `reads` false never sends a read receipt, `hidden` writes and sends receipts under the hidden id alone, `lid_told` false keeps the number's hidden id out of answers to usync (default for `hidden`), `username` comes with what the customer writes; asking again changes only the given fields; one unfit entry refuses the whole list",
    },
    (network, { contacts }) => addContacts(network, contacts),
  ),
  route(
    "POST /contact/devices",
    {
      takes: { number: required(phoneNumber), companions: required(wholeNumber()) },
      answers: "{devices}",
      description:
        "the customer links or unlinks companions, and every program gets a `devices` notification",
    },
    (network, { number, companions }) => changeDevices(network, number, companions),
  ),
  route(
    "POST /contact/new-phone",
    {
      takes: { number: required(phoneNumber) },
      description:
        "the customer moves to a new phone: another identity, no old sessions; every program is notified",
    },
    (network, { number }) => {
      changePhone(network, number);
      return {};
    },
  ),
  route(
    "POST /contact/new-account",
    {
      takes: { number: required(phoneNumber) },
      answers: "{jid, lid, username}",
      description:
        "the number belongs to a new account: another hidden id and identity, no old sessions; the former hidden id is nobody's; every program is notified",
    },
    (network, { number }) => reregister(network, number),
  ),
  route(
    "GET /contact",
    {
      takes: { number: required(phoneNumber) },
      answers: "{jid, lid, username}",
      description: "the customer's addresses",
    },
    (network, { number }) => addresses(customerAt(network, number)),
  ),
];
