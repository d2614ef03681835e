// Notices about restrictions of the account, and about privacy tokens.
import { lidJid, pnJid } from "../stream/jids.ts";
import { node, nowInSeconds, type Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import { timeLockFields } from "../world/restriction.ts";
import { notification } from "./notification.ts";

function mexUpdate(op_name: string, data: object): Node {
  return notification("mex", [node("update", { op_name }, Buffer.from(JSON.stringify({ data })))]);
}

export function timeLockChanged({ restriction }: Account): Node {
  const xwa2_notify_account_reachout_timelock = timeLockFields(restriction.timeLock);
  return mexUpdate("NotificationUserReachoutTimelockUpdate", { xwa2_notify_account_reachout_timelock });
}

export function newChatCapChanged({ restriction }: Account): Node {
  const xwa2_notify_new_chat_messages_capping_info_update = restriction.newChatCap;
  return mexUpdate("MessageCappingInfoNotification", { xwa2_notify_new_chat_messages_capping_info_update });
}

export function privacyToken(customer: Contact, account: Account, token: Buffer): Node {
  const attrs = { type: "trusted_contact", t: nowInSeconds(), jid: pnJid(account.user) };
  const from = { from: pnJid(customer.user), sender_lid: lidJid(customer.lidUser) };
  return notification("privacy_token", [node("tokens", {}, [node("token", attrs, token)])], from);
}
