// Admission of the shop's messages: injected refusals, and the time lock against writing to strangers.
import { createHmac } from "node:crypto";
import { getBinaryNodeChild } from "baileys";
import { lidJid, pnJid } from "../stream/jids.ts";
import { contentBytes, type Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";

const RESTRICTED = 463;

/** Returns the code with which the message is refused. */
export function refusalOf(
  network: Network,
  sender: LinkedDevice,
  stanza: Node,
  chat: string,
): number | undefined {
  const fault = network.faults.trigger("nack", [chat]);
  if (fault) {
    return fault.code ?? RESTRICTED;
  }
  const account = network.world.account(sender.account.user);
  const isBlocked = account && chat !== account.user && !mayWriteTo(network, account, stanza, chat);
  return isBlocked ? RESTRICTED : undefined;
}

/** In a time lock, allows customers who have written before or whose token the message carries, and signed messages. */
function mayWriteTo(network: Network, account: Account, stanza: Node, chat: string): boolean {
  return (
    !account.restriction.timeLock.active ||
    account.contactHistory.has(chat) ||
    carries(stanza, "tctoken", account.privacyTokens.get(chat)) ||
    (network.options.cstoken && carries(stanza, "cstoken", signatureFor(network, account, chat)))
  );
}

/** Names the token that a message carries, whether it is the right one or not. */
export function tokenIn(stanza: Node): string | undefined {
  const carried = ["tctoken", "cstoken"].filter((tag) => getBinaryNodeChild(stanza, tag));
  return carried.length === 0 ? undefined : carried.join(" ");
}

function carries(stanza: Node, tag: string, expected: Buffer | undefined): boolean {
  const token = getBinaryNodeChild(stanza, tag);
  return token !== undefined && expected?.equals(contentBytes(token)) === true;
}

/** Signs the customer's hidden id with the account's salt. */
function signatureFor(network: Network, account: Account, chat: string): Buffer | undefined {
  const customer = network.world.byJid(pnJid(chat));
  return customer && createHmac("sha256", account.nctSalt).update(lidJid(customer.lidUser)).digest();
}
