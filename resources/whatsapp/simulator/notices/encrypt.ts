// Notices about Signal keys: a device's own run low, or a customer has a new identity.
import { pnJid, lidJid } from "../stream/jids.ts";
import { node, type Node } from "../stream/nodes.ts";
import type { Contact } from "../world/contact.ts";
import { notification } from "./notification.ts";

export function preKeysLow(count: number): Node {
  return notification("encrypt", [node("count", { value: count.toString() })]);
}

export function identityChanged(customer: Contact): Node {
  const attrs = { from: pnJid(customer.user), lid: lidJid(customer.lidUser) };
  return notification("encrypt", [node("identity")], attrs);
}
