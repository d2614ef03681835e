// Takes a message from the shop: refuses or acknowledges it, and hands every recipient device its copy.
import { getBinaryNodeChild, getBinaryNodeChildren } from "baileys";
import type { Encrypted } from "../signal/cipher.ts";
import { attribute, contentBytes, node, nowInSeconds, type Node } from "../stream/nodes.ts";
import { parseJid } from "../stream/jids.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { receiveOnPhone } from "./reception.ts";

const RESTRICTED = 463;

interface Copy {
  readonly jid: string;
  readonly enc: Node;
}

/** A message for several devices names each; one for a single device carries its copy directly. */
function copiesIn(stanza: Node): Copy[] {
  const direct = getBinaryNodeChild(stanza, "enc");
  if (direct) {
    return [{ jid: attribute(stanza, "to"), enc: direct }];
  }
  return getBinaryNodeChildren(getBinaryNodeChild(stanza, "participants"), "to").flatMap((to) => {
    const enc = getBinaryNodeChild(to, "enc");
    return enc ? [{ jid: attribute(to, "jid"), enc }] : [];
  });
}

function encrypted(enc: Node): Encrypted {
  return { type: enc.attrs["type"] === "pkmsg" ? "pkmsg" : "msg", ciphertext: contentBytes(enc) };
}

/** Another program linked to the same account gets its copy as it is. */
function forwardToSibling(sender: LinkedDevice, sibling: LinkedDevice, stanza: Node, enc: Node): void {
  const identity = getBinaryNodeChild(stanza, "device-identity");
  const { id, to, type } = stanza.attrs;
  const attrs = { from: sender.pnJid, recipient: to, id, type, t: nowInSeconds() };
  sibling.deliver(node("message", attrs, identity ? [enc, identity] : [enc]));
}

function acknowledge(
  network: Network,
  sender: LinkedDevice,
  chat: string,
  stanza: Node,
  error?: number,
): void {
  const { id, to } = stanza.attrs;
  const attrs = { class: "message", id, from: to, t: nowInSeconds(), error: error?.toString() };
  network.after(network.options.ack_delay_ms, () => {
    if (error === undefined && sender.connection) {
      network.wireLog.acknowledged(chat, id ?? "");
    }
    const times = network.faults.strike("repeat_ack", [chat]) ? 2 : 1;
    for (let count = 0; count < times; count += 1) {
      network.tallies.acks += 1;
      sender.connection?.send(node("ack", attrs));
    }
  });
}

export function takeMessage(network: Network, sender: LinkedDevice, stanza: Node): void {
  const id = attribute(stanza, "id");
  const to = attribute(stanza, "to");
  // A copy for the shop's own phone names the customer beside it.
  const { recipient } = stanza.attrs;
  const about = recipient ?? to;
  const chat = network.world.byJid(about)?.user ?? parseJid(about)?.user ?? about;
  network.tallies.messages += 1;
  const refused = network.faults.strike("nack", [chat]);
  if (refused) {
    acknowledge(network, sender, chat, stanza, refused.code ?? RESTRICTED);
    return;
  }
  if (recipient === undefined) {
    network.wireLog.record(sender.account.user, chat, id);
  }
  if (!network.faults.strike("lose_ack", [chat])) {
    acknowledge(network, sender, chat, stanza);
  }
  for (const { jid, enc } of copiesIn(stanza)) {
    const device = network.world.deviceAt(jid);
    if (device instanceof LinkedDevice) {
      forwardToSibling(sender, device, stanza, enc);
    } else if (device) {
      receiveOnPhone(network, { sender, device, jid, chat, id, sealed: encrypted(enc) });
    }
  }
}
