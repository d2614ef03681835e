// Handles the client's receipts for stanzas: acknowledged, or requested again.
import { getAllBinaryNodeChildren, getBinaryNodeChild, getBinaryNodeChildren } from "baileys";
import { readAttachedKeys } from "../signal/bundle_nodes.ts";
import { attribute, node, nowInSeconds, type Node } from "../stream/nodes.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import type { SimulatedDevice } from "../world/simulated_device.ts";
import { sendToDevice } from "./device_messages.ts";

const MAX_RETRIES = 5;
const POST = /@(?:g\.us|broadcast|newsletter)$/;

export function settleAcknowledged(device: LinkedDevice, ack: Node): void {
  const { class: tag, id, to, type } = ack.attrs;
  if (tag === "message") {
    settleMessage(device, ack, id);
  } else if (tag !== undefined) {
    device.settle(tag, id, to, type);
  }
}

/**
 * A post is settled by an answer to its chat that names its author too; a channel takes no receipt, only an
 * acknowledgement.
 */
function settleMessage(device: LinkedDevice, answer: Node, id: string | undefined): void {
  const post = device.unacknowledgedMessage(id);
  const { from = "", participant } = post?.attrs ?? {};
  const fits = answer.attrs["to"] === from && answer.attrs["participant"] === participant;
  if (POST.test(from) && (!fits || (answer.tag === "receipt" && from.endsWith("@newsletter")))) {
    return;
  }
  device.settle("message", id);
}

export async function receiveReceipt(network: Network, device: LinkedDevice, receipt: Node): Promise<void> {
  const more = getBinaryNodeChildren(getBinaryNodeChild(receipt, "list"), "item");
  const ids = [receipt, ...more].flatMap(({ attrs }) => attrs["id"] ?? []);
  for (const id of ids) {
    settleMessage(device, receipt, id);
  }
  const { type, to } = receipt.attrs;
  if (type === "retry") {
    network.counters.retries += 1;
    await resend(network, device, receipt);
  } else if (type === "read" || type === "read-self") {
    const number = network.world.byJid(to ?? "")?.number;
    const marks = ids.map((id) => ({ number, id, type }));
    network.world.account(device.account.user)?.readMarks.push(...marks);
  }
}

/** Sends a message again. In a group or a status the author is named beside the chat. */
async function resend(network: Network, device: LinkedDevice, receipt: Node): Promise<void> {
  const jid = receipt.attrs["participant"] ?? attribute(receipt, "to");
  const author = network.world.deviceAt(jid);
  if (author instanceof LinkedDevice) {
    forward(device, author, receipt);
  } else if (author) {
    const about = network.world.byJid(jid)?.user ?? "";
    await resendCopy(network, author, about, device, receipt);
  }
}

/** Forwards the request to the other program that wrote the message. */
function forward(from: LinkedDevice, to: LinkedDevice, receipt: Node): void {
  const { id, type, recipient } = receipt.attrs;
  const attrs = { from: from.pnJid, id, type, recipient, t: nowInSeconds() };
  to.deliver(node("receipt", attrs, getAllBinaryNodeChildren(receipt)));
}

async function resendCopy(
  network: Network,
  author: SimulatedDevice,
  about: string,
  device: LinkedDevice,
  receipt: Node,
): Promise<void> {
  const count = Number(getBinaryNodeChild(receipt, "retry")?.attrs["count"] ?? 1);
  const sent = author.sentMessages.get(attribute(receipt, "id"));
  if (sent && count <= MAX_RETRIES) {
    await sendToDevice(network, author, about, device, sent, { count, keys: readAttachedKeys(receipt) });
  }
}
