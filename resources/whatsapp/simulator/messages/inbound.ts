// A customer writes to the shop: encrypted for every linked device, live or through its offline queue.
import { randomBytes } from "node:crypto";
import { beginSession, encrypt } from "../signal/cipher.ts";
import type { KeyBundle } from "../signal/device_keys.ts";
import { lidJid, pnJid } from "../stream/jids.ts";
import { node, nowInSeconds, SERVER, type Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";

const PRE_KEYS_LOW = 5;

export function newMessageId(): string {
  return `3A${randomBytes(9).toString("hex").toUpperCase()}`;
}

export async function writeToShop(
  network: Network,
  customer: Contact,
  account: Account,
  id: string,
  text: string,
): Promise<void> {
  customer.written.set(id, text);
  for (const device of account.linkedDevices.values()) {
    await writeToDevice(network, customer, device, id);
  }
}

/** Also the answer to a retry receipt: then with its count, and in a new session. */
export async function writeToDevice(
  network: Network,
  customer: Contact,
  device: LinkedDevice,
  id: string,
  again?: { readonly count: number; readonly keys: KeyBundle | undefined },
): Promise<void> {
  const { sessions } = customer.phone;
  if (again) {
    await beginSession(sessions, device, again.keys ?? takeBundle(device));
  }
  const message = { conversation: customer.written.get(id) ?? "" };
  const { type, ciphertext } = await encrypt(sessions, device, message, () => takeBundle(device));
  const enc = node("enc", { v: "2", type, count: again?.count.toString() }, ciphertext);
  device.deliver(node("message", envelope(network, customer, id), [enc]));
}

function envelope(network: Network, customer: Contact, id: string): Record<string, string | undefined> {
  const pn = pnJid(customer.user);
  const lid = lidJid(customer.lidUser);
  const attrs = { id, type: "text", t: nowInSeconds(), notify: customer.name };
  return network.options.messages_as === "lid"
    ? { ...attrs, from: lid, sender_pn: pn, addressing_mode: "lid" }
    : { ...attrs, from: pn, sender_lid: lid };
}

function takeBundle(device: LinkedDevice): KeyBundle {
  const bundle = device.takeBundle();
  if (device.preKeyCount < PRE_KEYS_LOW) {
    device.deliver(preKeysLow(device));
  }
  return bundle;
}

function preKeysLow(device: LinkedDevice): Node {
  const attrs = { from: SERVER, type: "encrypt", id: newMessageId(), t: nowInSeconds() };
  return node("notification", attrs, [node("count", { value: device.preKeyCount.toString() })]);
}
