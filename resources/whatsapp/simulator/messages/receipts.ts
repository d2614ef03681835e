// The receipts that simulated devices send to the shop.
import { keyNodes, registrationNode } from "../signal/bundle_nodes.ts";
import { lidJid, pnJid } from "../stream/jids.ts";
import { node, nowInSeconds, type Node } from "../stream/nodes.ts";
import { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import type { Delivery } from "./delivery.ts";

/** WhatsApp gives up after as many retries. */
const MAX_RETRIES = 5;

type ReceiptLevel = "delivered" | "read" | "sender";

function addressing(network: Network, delivery: Delivery, holder: Account | Contact) {
  const { id } = delivery.device;
  if (holder instanceof Account) {
    return { from: pnJid(holder.user, id), recipient: pnJid(delivery.chat) };
  }
  const asLid = holder.hidden || network.options.receipts_as === "lid";
  return { from: asLid ? lidJid(holder.lidUser, id) : pnJid(holder.user, id) };
}

function deliver(network: Network, delivery: Delivery, receipt: Node): void {
  const times = network.faults.trigger("repeat_receipt", [delivery.chat]) ? 2 : 1;
  for (let count = 0; count < times; count += 1) {
    network.counters.receipts += 1;
    delivery.sender.deliver(receipt);
  }
}

export function sendReceipt(
  network: Network,
  delivery: Delivery,
  holder: Account | Contact,
  level: ReceiptLevel,
): void {
  const attrs = {
    ...addressing(network, delivery, holder),
    id: delivery.id,
    t: nowInSeconds(),
    type: level === "delivered" ? undefined : level,
  };
  deliver(network, delivery, node("receipt", attrs));
}

/** Requests the message again after a failed decryption; from the second time on with fresh keys attached. */
export function sendRetryRequest(network: Network, delivery: Delivery, holder: Account | Contact): void {
  const { device, sender, chat, id } = delivery;
  const count = device.nextRetry(id);
  if (count > MAX_RETRIES) {
    return;
  }
  // The shop's own phone wants a copy for itself: the customer is not to get the message again.
  if (!(holder instanceof Account)) {
    network.wireLog.expectRepeat(sender.account.user, chat, id);
  }
  const t = nowInSeconds();
  const attrs = { ...addressing(network, delivery, holder), id, t, type: "retry" };
  const keys = count > 1 ? [node("keys", {}, keyNodes(device.keys.takeBundle()))] : [];
  const retry = node("retry", { count: count.toString(), id, t, v: "1" });
  const registration = registrationNode(device.keys.registrationId);
  deliver(network, delivery, node("receipt", attrs, [retry, registration, ...keys]));
}
