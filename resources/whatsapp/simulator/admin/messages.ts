// Admin requests that send messages: from customers, from the shop's other devices, from the phone to its programs.
import { setTimer, SIDES } from "../messages/chat_timer.ts";
import { CONTENT_KINDS, type ContentKind } from "../messages/content.ts";
import { HISTORY_FORMS, pushHistory, type HistoryForm } from "../messages/history.ts";
import { PLACES, sendToShop } from "../messages/inbound.ts";
import { sendFromShop } from "../messages/shop_messages.ts";
import { newMessageId } from "../messages/device_messages.ts";
import { pnJid } from "../stream/jids.ts";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { SimulatedDevice } from "../world/simulated_device.ts";
import {
  BadRequest,
  base64,
  boolean,
  required,
  oneOf,
  phoneNumber,
  text,
  texts,
  wholeNumber,
  type Read,
} from "./fields.ts";
import { route } from "./route.ts";
import { accountNamed, customerAt } from "./lookup.ts";

const INBOUND = {
  number: required(phoneNumber),
  text,
  id: text,
  to: phoneNumber,
  kind: oneOf(CONTENT_KINDS),
  place: oneOf(PLACES),
  about: text,
  raw: base64,
  attrs: texts,
};

const SHOP_MESSAGE = {
  to: required(phoneNumber),
  text: required(text),
  number: phoneNumber,
  device: wholeNumber(),
  id: text,
};

const NEEDS_TARGET: readonly ContentKind[] = [
  "reaction",
  "revoke",
  "edit",
  "wrapped_edit",
  "secret_edit",
  "pin",
  "keep",
  "vote",
];

async function sendInbound(network: Network, fields: Read<typeof INBOUND>) {
  const { kind = "text", place = "chat", id = newMessageId(), about } = fields;
  const customer = customerAt(network, fields.number);
  const account = accountNamed(network, fields.to);
  if (kind === "text" && fields.text === undefined && fields.raw === undefined) {
    throw new BadRequest("text is missing");
  }
  if (NEEDS_TARGET.includes(kind) && about === undefined) {
    throw new BadRequest("about is missing");
  }
  const fromMe = customer.phone.sentMessages.has(about ?? "");
  const target = { remoteJid: pnJid(account.user), fromMe, id: about ?? "" };
  const content = { kind, text: fields.text ?? "", target, raw: fields.raw };
  const { attrs = {} } = fields;
  await sendToShop(network, { customer, account, id, place, content, attrs });
  return { id };
}

async function sendFromDevice(network: Network, fields: Read<typeof SHOP_MESSAGE>) {
  const account = accountNamed(network, fields.number);
  const device = account.device(fields.device ?? 0);
  if (!(device instanceof SimulatedDevice)) {
    throw new Conflict("this is neither the phone nor a device that the simulator plays");
  }
  const id = fields.id ?? newMessageId();
  const customer = customerAt(network, fields.to);
  await sendFromShop(network, { account, device, customer, id, text: fields.text });
  return { id };
}

const CHAT_TIMER = {
  number: required(phoneNumber),
  seconds: required(wholeNumber()),
  by: oneOf(SIDES),
  told: boolean,
  to: phoneNumber,
};

async function changeTimer(network: Network, fields: Read<typeof CHAT_TIMER>) {
  const { number, seconds, by = "customer", told = true, to } = fields;
  const chat = { customer: customerAt(network, number), account: accountNamed(network, to) };
  await setTimer(network, { ...chat, seconds, by, told });
  return {};
}

async function pushToAllPrograms(network: Network, number: string | undefined, form: HistoryForm) {
  const account = accountNamed(network, number);
  for (const device of account.linkedDevices.values()) {
    await pushHistory(network, account, device, form);
  }
  return { devices: account.linkedDevices.size };
}

export const MESSAGE_ROUTES = [
  route(
    "POST /inbound",
    {
      takes: INBOUND,
      answers: "{id}",
      description: `the customer writes to the shop (\`to\`, when there are several). \`kind\`: ${CONTENT_KINDS.join(", ")}; what concerns another message is \`about\` its id. \`raw\` (base64) takes the place of the encrypted message, whatever bytes it holds; \`attrs\` are attributes of its stanza in place of the usual ones. \`place\`: ${PLACES.join(", ")}`,
    },
    sendInbound,
  ),
  route(
    "POST /chat-timer",
    {
      takes: CHAT_TIMER,
      description:
        "messages of the chat with this customer disappear after so many `seconds`, 0 for never: the customer's phone sets it, or with `by` the `shop`'s, and tells the programs, unless `told` is false (as before they were linked). What either phone writes afterwards carries it",
    },
    changeTimer,
  ),
  route(
    "POST /account/send",
    {
      takes: SHOP_MESSAGE,
      answers: "{id}",
      description:
        "the shop writes to a customer from its phone, or from a `device` that the simulator plays; linked programs get their copies",
    },
    sendFromDevice,
  ),
  route(
    "POST /account/history",
    {
      takes: { number: phoneNumber, form: oneOf(HISTORY_FORMS) },
      answers: "{devices}",
      description:
        "the shop's phone pushes its chats with hidden ids, privacy tokens, timers and its salt to every linked program (history sync), by default `inline`; to have it done after each first login see the option `history`, which names the same forms",
    },
    (network, { number, form = "inline" }) => pushToAllPrograms(network, number, form),
  ),
];
