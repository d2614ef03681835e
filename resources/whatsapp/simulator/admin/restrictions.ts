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

const CHAT = {
  with: required(phoneNumber),
  token: boolean,
  token_age_s: wholeNumber(),
  disappears_s: wholeNumber(),
  text,
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

function keepChat(network: Network, fields: Read<typeof CHAT>) {
  const customer = customerAt(network, fields.with);
  const account = accountNamed(network, fields.number);
  const { token = false, token_age_s: tokenAgeS = 0, disappears_s: disappearsS = 0, text } = fields;
  account.chats.set(customer.user, { tokenAgeS, disappearsS, text });
  if (token) {
    account.privacyTokens.set(customer.user, randomBytes(TOKEN_BYTES));
  }
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
        "while it is active, messages to customers who never wrote are refused with 463, unless they carry the customer's privacy token or, with the option `cstoken`, are signed; a program that asks is told the end (`ends_at`, Unix seconds), with `notify` at once",
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
    "POST /account/chat",
    {
      takes: CHAT,
      description:
        "there is a chat with this customer on the shop's phone, and the next history tells it: with `token` the customer has let the phone write (`token_age_s` ago), `disappears_s` is its timer of disappearing messages, `text` its one message; no program is told",
    },
    keepChat,
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
