// Reception of a copy by a simulated phone or companion: decrypt, show, answer with receipts.
import type { proto } from "baileys";
import { decrypt } from "../signal/cipher.ts";
import { Account } from "../world/account.ts";
import { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { numberOf, parseJid } from "../stream/jids.ts";
import type { Delivery } from "./delivery.ts";
import { sendReceipt, sendRetryRequest } from "./receipts.ts";
import { expirationOf } from "./message_timer.ts";
import { textOf } from "./message_text.ts";

export function receiveOnPhone(network: Network, delivery: Delivery): void {
  const holder = network.world.byJid(delivery.jid);
  const receive = () => decryptAndShow(network, delivery, holder);
  if (holder && !holder.online) {
    delivery.device.hold(receive);
  } else {
    delivery.device.enqueue(receive);
  }
}

async function decryptAndShow(
  network: Network,
  delivery: Delivery,
  holder: Account | Contact | undefined,
): Promise<void> {
  const { device, sender, sealed } = delivery;
  if (!holder) {
    return;
  }
  if (network.faults.trigger("lose_session", [holder.user, `${holder.user}:${device.id}`])) {
    device.forgetSessions();
  }
  let message: proto.Message;
  try {
    message = await decrypt(device.sessions, sender, sealed);
  } catch {
    device.undecryptable += 1;
    sendRetryRequest(network, delivery, holder);
    return;
  }
  device.wasAddressedAs = parseJid(delivery.jid)?.kind;
  show(network, delivery, holder, message);
  sendReceipts(network, delivery, holder);
}

function show(
  network: Network,
  delivery: Delivery,
  holder: Account | Contact,
  received: proto.Message,
): void {
  const { device, sender, id, chat, sealed } = delivery;
  const message = received.deviceSentMessage?.message ?? received;
  const text = textOf(message);
  if (text === undefined) {
    return;
  }
  const from = sender.account.number;
  const mode = holder instanceof Contact ? holder.mode : "dedupe";
  const to = numberOf(chat);
  const expiration = expirationOf(message);
  const stays = expiration === 0 && hasTimer(network, to, sender.account.user);
  device.inbox.show({ id, chat, text, type: sealed.type, from, to, expiration, stays }, mode);
}

function hasTimer(network: Network, customer: string, shop: string): boolean {
  const holder = network.world.byNumber(customer);
  return holder instanceof Contact && (holder.timers.get(shop) ?? 0) > 0;
}

function sendReceipts(network: Network, delivery: Delivery, holder: Account | Contact): void {
  const { options } = network;
  if (holder instanceof Account) {
    sendReceipt(network, delivery, holder, "sender");
    return;
  }
  network.after(options.delivered_delay_ms, () => {
    sendReceipt(network, delivery, holder, "delivered");
    if (holder.reads && delivery.device.id === 0) {
      network.after(options.read_delay_ms, () => {
        sendReceipt(network, delivery, holder, "read");
      });
    }
  });
}
