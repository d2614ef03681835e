// All accounts, the shop's and the customers', found by number, hidden id or address.
import { createHash } from "node:crypto";
import { parseJid, userOf } from "../stream/jids.ts";
import { ninthDigitSibling } from "./ninth_digit.ts";
import { Account, type AccountFields } from "./account.ts";
import { Contact, type ContactFields } from "./contact.ts";
import type { LinkedDevice } from "./linked_device.ts";
import type { SimulatedDevice } from "./simulated_device.ts";

const LID_DIGITS = 14;

export interface ContactEntry extends ContactFields {
  readonly number: string;
  readonly registered_as?: string | undefined;
}

export class World {
  readonly #seed: string;
  readonly #accounts = new Map<string, Account>();
  readonly #contacts = new Map<string, Contact>();
  /** From the number as it was given to the user under which the account really is. */
  readonly #registeredAs = new Map<string, string>();
  readonly #byLid = new Map<string, Account | Contact>();

  constructor(seed: string) {
    this.#seed = seed;
  }

  addAccount(number: string, fields: AccountFields): Account {
    const user = userOf(number);
    let account = this.#accounts.get(user);
    if (!account) {
      account = new Account(user, this.#lidFor(user));
      this.#accounts.set(user, account);
      this.#byLid.set(account.lidUser, account);
    }
    account.update(fields);
    return account;
  }

  addContact({ number, registered_as, ...fields }: ContactEntry): Contact {
    const given = userOf(number);
    const user = registered_as ? userOf(registered_as) : (this.#registeredAs.get(given) ?? given);
    let contact = this.#contacts.get(user);
    if (!contact) {
      contact = new Contact(user, this.#lidFor(user));
      this.#contacts.set(user, contact);
      this.#byLid.set(contact.lidUser, contact);
    }
    this.#registeredAs.set(given, user);
    contact.update(fields);
    return contact;
  }

  /** The number belongs to another account from now on; the former hidden id is nobody's. */
  reregister(contact: Contact): void {
    this.#byLid.delete(contact.lidUser);
    contact.lidUser = this.#lidFor(`${contact.user} ${contact.lidUser}`);
    this.#byLid.set(contact.lidUser, contact);
    contact.phone.renewIdentity();
    for (const account of this.#accounts.values()) {
      account.contactHistory.delete(contact.user);
      account.privacyTokens.delete(contact.user);
      account.chats.delete(contact.user);
    }
  }

  get accounts(): Account[] {
    return [...this.#accounts.values()];
  }

  get contacts(): Contact[] {
    return [...this.#contacts.values()];
  }

  account(user: string): Account | undefined {
    return this.#accounts.get(user);
  }

  /** Returns the account with this phone number, written with or without Brazil's ninth digit. */
  byNumber(number: string): Account | Contact | undefined {
    const given = userOf(number);
    const sibling = ninthDigitSibling(given);
    return this.#byUser(given) ?? (sibling === undefined ? undefined : this.#byUser(sibling));
  }

  /** Returns the holder of exactly this address; a number in its other form is not an address. */
  byJid(jid: string): Account | Contact | undefined {
    const address = parseJid(jid);
    if (!address) {
      return undefined;
    }
    return address.kind === "lid"
      ? this.#byLid.get(address.user)
      : (this.#accounts.get(address.user) ?? this.#contacts.get(address.user));
  }

  deviceAt(jid: string): SimulatedDevice | LinkedDevice | undefined {
    const holder = this.byJid(jid);
    const id = parseJid(jid)?.device ?? 0;
    if (holder instanceof Account) {
      return holder.device(id);
    }
    return holder?.exists ? holder.device(id) : undefined;
  }

  #byUser(user: string): Account | Contact | undefined {
    return this.#accounts.get(user) ?? this.#contacts.get(this.#registeredAs.get(user) ?? user);
  }

  /** The same seed gives the same hidden ids. */
  #lidFor(user: string): string {
    const digest = createHash("sha256").update(`${this.#seed} ${user}`).digest();
    return `1${digest.readBigUInt64BE().toString().padStart(LID_DIGITS, "0").slice(-LID_DIGITS)}`;
  }
}
