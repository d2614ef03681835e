// What the client says about the stanzas it was sent: received, or please again.
import { getBinaryNodeChild, getBinaryNodeChildren } from "baileys";
import { readAttachedKeys } from "../signal/bundle_nodes.ts";
import { attribute, type Node } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { SimulatedDevice } from "../world/simulated_device.ts";
import { writeToDevice } from "./writing.ts";

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

/** In a group or a status the author is named beside the chat. */
async function writeAgain(network: Network, device: LinkedDevice, receipt: Node): Promise<void> {
  const jid = receipt.attrs["participant"] ?? attribute(receipt, "to");
  const author = network.world.deviceAt(jid);
  const count = Number(getBinaryNodeChild(receipt, "retry")?.attrs["count"] ?? 1);
  if (!(author instanceof SimulatedDevice) || count > MOST_RETRIES) {
    return;
  }
  const written = author.written.get(attribute(receipt, "id"));
  if (written) {
    const about = network.world.byJid(jid)?.user ?? "";
    await writeToDevice(network, author, about, device, written, { count, keys: readAttachedKeys(receipt) });
  }
}
