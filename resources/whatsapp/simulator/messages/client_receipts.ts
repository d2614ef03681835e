// What the client says about the stanzas it was sent: received, or please again.
import { getBinaryNodeChild, getBinaryNodeChildren } from "baileys";
import { readAttachedKeys } from "../signal/bundle_nodes.ts";
import { attribute, type Node } from "../stream/nodes.ts";
import { Contact } from "../world/contact.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { writeToDevice } from "./inbound.ts";

const MOST_RETRIES = 5;

export function settleAcknowledged(device: LinkedDevice, ack: Node): void {
  const { class: tag, id, to, type } = ack.attrs;
  if (tag !== undefined) {
    device.settle(tag, id, to, type);
  }
}

export async function takeReceipt(network: Network, device: LinkedDevice, receipt: Node): Promise<void> {
  const more = getBinaryNodeChildren(getBinaryNodeChild(receipt, "list"), "item");
  for (const { attrs } of [receipt, ...more]) {
    device.settle("message", attrs["id"]);
  }
  if (receipt.attrs["type"] === "retry") {
    await writeAgain(network, device, receipt);
  }
}

async function writeAgain(network: Network, device: LinkedDevice, receipt: Node): Promise<void> {
  const customer = network.world.byJid(attribute(receipt, "to"));
  const id = attribute(receipt, "id");
  const count = Number(getBinaryNodeChild(receipt, "retry")?.attrs["count"] ?? 1);
  if (customer instanceof Contact && customer.written.has(id) && count <= MOST_RETRIES) {
    await writeToDevice(network, customer, device, id, { count, keys: readAttachedKeys(receipt) });
  }
}
