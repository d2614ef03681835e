// Finds the shop or the customer that an admin request names.
import { Account } from "../world/account.ts";
import { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { BadRequest } from "./fields.ts";

export function accountAt(network: Network, number: string): Account {
  const account = network.world.byNumber(number);
  if (!(account instanceof Account)) {
    throw new BadRequest("no account has this number");
  }
  return account;
}

/** Returns the account with this number; without a number the first account. */
export function accountNamed(network: Network, number: string | undefined): Account {
  const account = number === undefined ? network.world.accounts[0] : accountAt(network, number);
  if (!account) {
    throw new Conflict("there is no account");
  }
  return account;
}

export function customerAt(network: Network, number: string): Contact {
  const customer = network.world.byNumber(number);
  if (!(customer instanceof Contact)) {
    throw new BadRequest("no customer has this number");
  }
  return customer;
}
