// Messages of a customer: to the shop, or in a group, status or newsletter that the shop only reads.
import type { proto } from "baileys";
import { lidJid, pnJid } from "../stream/jids.ts";
import { node, nowInSeconds } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { encodeMessage, buildMessage, type Content } from "./content.ts";
import { sendToDevice } from "./device_messages.ts";
import { withExpiration } from "./message_timer.ts";
import { takeBundle } from "../keys/take_bundle.ts";
import { beginSession } from "../signal/cipher.ts";

export const PLACES = ["chat", "group", "status", "newsletter"] as const;
export type Place = (typeof PLACES)[number];

const GROUP = "120363000000000001@g.us";
const STATUS = "status@broadcast";
const NEWSLETTER = "120363000000000002@newsletter";

export interface Inbound {
  readonly customer: Contact;
  readonly account: Account;
  readonly id: string;
  readonly place: Place;
  readonly content: Content;
  /** Attributes of the stanza in place of the usual ones. */
  readonly attrs?: Readonly<Record<string, string>>;
}

export async function sendToShop(network: Network, inbound: Inbound): Promise<void> {
  const { customer, account, place } = inbound;
  if (place === "chat") {
    account.contactHistory.add(customer.user);
  }
  for (const device of account.linkedDevices.values()) {
    if (place === "newsletter") {
      publish(device, inbound);
    } else {
      if (customer.hidden && customer.phone.wasAddressedAs === "pn") {
        // Programs keep a session under the address of its messages, and know this customer by another one.
        await beginSession(customer.phone.sessions, device, takeBundle(device));
      }
      customer.phone.wasAddressedAs = undefined;
      await sendToDevice(network, customer.phone, customer.user, device, {
        id: inbound.id,
        message: messageOf(inbound),
        envelope: envelope(network, inbound),
      });
    }
  }
}

/** A message into a chat with a timer carries it; bytes stay as they are. */
function messageOf({ account, customer, content, place }: Inbound): proto.IMessage | Uint8Array {
  const message = buildMessage(content);
  const seconds = place === "chat" ? (customer.timers.get(account.user) ?? 0) : 0;
  return message instanceof Uint8Array ? message : withExpiration(message, seconds);
}

function envelope(network: Network, inbound: Inbound) {
  return { ...usualEnvelope(network, inbound), ...inbound.attrs };
}

function usualEnvelope(network: Network, { customer, place, content }: Inbound) {
  const pn = pnJid(customer.user);
  const lid = lidJid(customer.lidUser);
  const asLid = network.options.messages_as === "lid";
  const attrs = {
    type: content.kind === "reaction" ? "reaction" : "text",
    notify: customer.name,
    username: place === "chat" ? customer.username : undefined,
  };
  if (customer.hidden && place === "chat") {
    return { ...attrs, from: lid, addressing_mode: "lid" };
  }
  if (place === "chat") {
    return asLid
      ? { ...attrs, from: lid, sender_pn: pn, addressing_mode: "lid" }
      : { ...attrs, from: pn, sender_lid: lid };
  }
  const from = place === "group" ? GROUP : STATUS;
  return asLid
    ? { ...attrs, from, participant: lid, participant_pn: pn, addressing_mode: "lid" }
    : { ...attrs, from, participant: pn, participant_lid: lid };
}

/** Newsletters are public: their posts are not encrypted. */
function publish(device: LinkedDevice, { id, content }: Inbound): void {
  const plaintext = node("plaintext", {}, Buffer.from(encodeMessage(buildMessage(content))));
  const attrs = { id, from: NEWSLETTER, server_id: "100", type: "text", t: nowInSeconds() };
  device.deliver(node("message", attrs, [plaintext]));
}
