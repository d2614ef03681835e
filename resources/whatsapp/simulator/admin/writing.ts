// Admin requests that write: customers to the shop, the shop's other devices to customers, the phone to its programs.
import { CONTENT_KINDS, type ContentKind } from "../messages/content.ts";
import { pushHistory } from "../messages/history.ts";
import { PLACES, writeToShop } from "../messages/inbound.ts";
import { writeFromShop } from "../messages/own_writing.ts";
import { newMessageId } from "../messages/writing.ts";
import { pnJid } from "../stream/jids.ts";
import type { Network } from "../world/network.ts";
import { NotNow } from "../world/refusals.ts";
import { SimulatedDevice } from "../world/simulated_device.ts";
import { BadRequest, base64, needed, oneOf, phoneNumber, text, whole, type Read } from "./fields.ts";
import { route } from "./route.ts";
import { accountNamed, customerAt } from "./whom.ts";

const INBOUND = {
  number: needed(phoneNumber),
  text,
  id: text,
  to: phoneNumber,
  kind: oneOf(CONTENT_KINDS),
  place: oneOf(PLACES),
  about: text,
  raw: base64,
};

const OWN = { to: needed(phoneNumber), text: needed(text), number: phoneNumber, device: whole(), id: text };

const ABOUT_ANOTHER: readonly ContentKind[] = [
  "reaction",
  "revoke",
  "edit",
  "wrapped_edit",
  "secret_edit",
  "pin",
  "keep",
  "vote",
];

async function writeInbound(network: Network, fields: Read<typeof INBOUND>) {
  const { kind = "text", place = "chat", id = newMessageId(), about } = fields;
  const customer = customerAt(network, fields.number);
  const account = accountNamed(network, fields.to);
  if (kind === "text" && fields.text === undefined && fields.raw === undefined) {
    throw new BadRequest("text is missing");
  }
  if (ABOUT_ANOTHER.includes(kind) && about === undefined) {
    throw new BadRequest("about is missing");
  }
  const fromMe = customer.phone.written.has(about ?? "");
  const target = { remoteJid: pnJid(account.user), fromMe, id: about ?? "" };
  const content = { kind, text: fields.text ?? "", target, raw: fields.raw };
  await writeToShop(network, { customer, account, id, place, content });
  return { id };
}

async function writeOwn(network: Network, fields: Read<typeof OWN>) {
  const account = accountNamed(network, fields.number);
  const device = account.device(fields.device ?? 0);
  if (!(device instanceof SimulatedDevice)) {
    throw new NotNow("this is neither the phone nor a device that the simulator plays");
  }
  const id = fields.id ?? newMessageId();
  const customer = customerAt(network, fields.to);
  await writeFromShop(network, { account, device, customer, id, text: fields.text });
  return { id };
}

async function pushAll(network: Network, number: string | undefined) {
  const account = accountNamed(network, number);
  for (const device of account.linkedDevices.values()) {
    await pushHistory(network, account, device);
  }
  return { devices: account.linkedDevices.size };
}

export const WRITING_ROUTES = [
  route(
    "POST /inbound",
    {
      takes: INBOUND,
      answers: "{id}",
      does: `the customer writes to the shop (\`to\`, when there are several). \`kind\`: ${CONTENT_KINDS.join(", ")}; what concerns another message is \`about\` its id. \`raw\` (base64) takes the place of the encrypted message, whatever bytes it holds. \`place\`: ${PLACES.join(", ")}`,
    },
    writeInbound,
  ),
  route(
    "POST /account/send",
    {
      takes: OWN,
      answers: "{id}",
      does: "the shop writes to a customer from its phone, or from a `device` that the simulator plays; linked programs get their copies",
    },
    writeOwn,
  ),
  route(
    "POST /account/history",
    {
      takes: { number: phoneNumber },
      answers: "{devices}",
      does: "the shop's phone pushes its chats, their hidden ids and privacy tokens to every linked program (history sync, inline); to have it done after each first login see the option `history`",
    },
    (network, { number }) => pushAll(network, number),
  ),
];
