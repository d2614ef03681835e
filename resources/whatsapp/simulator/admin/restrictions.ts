// Admin requests about restrictions of the shop's account, and the privacy tokens that pass them.
import { randomBytes } from "node:crypto";
import { NewChatMessageCappingStatusType } from "baileys";
import { newChatCapChanged, privacyToken, timeLockChanged } from "../notices/restriction.ts";
import type { Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Network } from "../world/network.ts";
import { boolean, required, oneOf, phoneNumber, text, wholeNumber, type Read } from "./fields.ts";
import { route } from "./route.ts";
import { accountNamed, customerAt } from "./lookup.ts";

const TOKEN_BYTES = 16;
const CAP_STATES = Object.values(NewChatMessageCappingStatusType);

const TIME_LOCK = {
  active: required(boolean),
  ends_at: wholeNumber(),
  enforcement: text,
  notify: boolean,
  number: phoneNumber,
};

const CAP = {
  status: required(oneOf(CAP_STATES)),
  total: wholeNumber(),
  used: wholeNumber(),
  ends_at: wholeNumber(),
  notify: boolean,
  number: phoneNumber,
};

function notifyPrograms(account: Account, notify: boolean, notice: Node): void {
  if (notify) {
    for (const program of account.linkedDevices.values()) {
      program.deliver(notice);
    }
  }
}

function setTimeLock(network: Network, fields: Read<typeof TIME_LOCK>) {
  const { active, ends_at: endsAt, enforcement = "DEFAULT", notify = false } = fields;
  const account = accountNamed(network, fields.number);
  account.restriction.timeLock = { active, endsAt, enforcement };
  notifyPrograms(account, notify, timeLockChanged(account));
  return {};
}

function setCap(network: Network, fields: Read<typeof CAP>) {
  const { status, total, used, ends_at: endsAt, notify = false } = fields;
  const account = accountNamed(network, fields.number);
  account.restriction.newChatCap = {
    capping_status: status,
    ...(total !== undefined && { total_quota: total }),
    ...(used !== undefined && { used_quota: used }),
    ...(endsAt !== undefined && { cycle_end_timestamp: endsAt.toString() }),
  };
  notifyPrograms(account, notify, newChatCapChanged(account));
  return {};
}

function issueToken(network: Network, number: string, to: string | undefined) {
  const customer = customerAt(network, number);
  const account = accountNamed(network, to);
  const token = randomBytes(TOKEN_BYTES);
  account.privacyTokens.set(customer.user, token);
  notifyPrograms(account, true, privacyToken(customer, account, token));
  return {};
}

export const RESTRICTION_ROUTES = [
  route(
    "POST /account/time-lock",
    {
      takes: TIME_LOCK,
      description:
        "while it is active, messages to customers who never wrote are refused with 463, unless they carry the customer's privacy token; a program that asks is told the end (`ends_at`, Unix seconds), with `notify` at once",
    },
    setTimeLock,
  ),
  route(
    "POST /account/new-chat-cap",
    {
      takes: CAP,
      description: `a program that asks how many new chats it may begin is told this, with \`notify\` at once; nothing is refused because of it. \`status\`: ${CAP_STATES.join(", ")}`,
    },
    setCap,
  ),
  route(
    "POST /privacy-token",
    {
      takes: { number: required(phoneNumber), to: phoneNumber },
      description:
        "the customer lets the shop write: every linked program gets the token in a notification, and a message that carries it passes a time lock",
    },
    (network, { number, to }) => issueToken(network, number, to),
  ),
];
