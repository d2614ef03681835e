// Admission of the shop's messages: injected refusals, and the time lock against writing to strangers.
import { getBinaryNodeChild } from "baileys";
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
  const isBlocked = account && chat !== account.user && !mayWriteTo(account, stanza, chat);
  return isBlocked ? RESTRICTED : undefined;
}

/** In a time lock, allows only customers who have written before or whose token the message carries. */
function mayWriteTo(account: Account, stanza: Node, chat: string): boolean {
  const token = getBinaryNodeChild(stanza, "tctoken");
  const issued = account.privacyTokens.get(chat);
  const trusted = token !== undefined && issued?.equals(contentBytes(token)) === true;
  return !account.restriction.timeLock.active || trusted || account.contactHistory.has(chat);
}
