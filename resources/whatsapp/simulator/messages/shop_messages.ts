// Messages that the shop sends from its phone or a simulated companion, with copies for the linked programs.
import type { proto } from "baileys";
import { lidJid, pnJid } from "../stream/jids.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import type { SimulatedDevice } from "../world/simulated_device.ts";
import { sendToDevice } from "./device_messages.ts";
import { withExpiration } from "./message_timer.ts";

export interface ShopMessage {
  readonly account: Account;
  /** The phone or a simulated companion. */
  readonly device: SimulatedDevice;
  readonly customer: Contact;
  readonly id: string;
  readonly text: string;
}

export async function sendFromShop(network: Network, shopMessage: ShopMessage): Promise<void> {
  const { account, device, customer, id, text } = shopMessage;
  const expiration = customer.timers.get(account.user) ?? 0;
  const bubble = {
    id,
    chat: customer.user,
    text,
    type: "msg",
    from: account.number,
    to: customer.number,
    expiration,
    stays: false,
  } as const;
  network.wireLog.record(account.user, customer.user, id);
  for (const screen of [...customer.devices, ...account.devices]) {
    screen.inbox.show(bubble, customer.mode);
  }
  const message = withExpiration({ conversation: text }, expiration);
  await copyToPrograms(network, { account, device, customer, id, message });
}

export interface ShopCopy extends Omit<ShopMessage, "text"> {
  readonly message: proto.IMessage;
}

/** Sends every linked program its copy of a message from another device of the shop. */
export async function copyToPrograms(network: Network, copy: ShopCopy): Promise<void> {
  const { account, device, customer, id } = copy;
  const message = {
    deviceSentMessage: { destinationJid: pnJid(customer.user), message: copy.message },
  };
  const envelope = {
    type: "text",
    from: pnJid(account.user, device.id),
    recipient: pnJid(customer.user),
    recipient_lid: lidJid(customer.lidUser),
    notify: account.name,
  };
  for (const program of account.linkedDevices.values()) {
    await sendToDevice(network, device, account.user, program, { id, message, envelope });
  }
}
