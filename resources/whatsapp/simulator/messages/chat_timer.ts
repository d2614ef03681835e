// Sets the disappearing-messages timer of a chat on one of its phones, which tells the linked programs.
import { proto } from "baileys";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { encodeMessage } from "./content.ts";
import { newMessageId } from "./device_messages.ts";
import { sendToShop } from "./inbound.ts";
import { copyToPrograms } from "./shop_messages.ts";

export const SIDES = ["customer", "shop"] as const;

export interface TimerChange {
  readonly account: Account;
  readonly customer: Contact;
  readonly seconds: number;
  /** The side on which it is set. */
  readonly by: (typeof SIDES)[number];
  /** False as if it had been set before any program was linked. */
  readonly told: boolean;
}

export async function setTimer(network: Network, change: TimerChange): Promise<void> {
  const { account, customer, seconds, by, told } = change;
  customer.timers.set(account.user, seconds);
  if (!told) {
    return;
  }
  const type = proto.Message.ProtocolMessage.Type.EPHEMERAL_SETTING;
  const message = { protocolMessage: { type, ephemeralExpiration: seconds } };
  const id = newMessageId();
  if (by === "shop") {
    await copyToPrograms(network, { account, device: account.phone, customer, id, message });
  } else {
    const content = { kind: "text", text: "", target: {}, raw: encodeMessage(message) } as const;
    await sendToShop(network, { account, customer, id, place: "chat", content });
  }
}
