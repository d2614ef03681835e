// Receives a message from the shop: refuses or acknowledges it, and delivers each recipient device its copy.
import { getBinaryNodeChild, getBinaryNodeChildren } from "baileys";
import type { Encrypted } from "../signal/cipher.ts";
import { attribute, contentBytes, node, nowInSeconds, type Node } from "../stream/nodes.ts";
import { parseJid } from "../stream/jids.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { refusalOf, tokenIn } from "./admission.ts";
import { receiveOnPhone } from "./phone_reception.ts";

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

/** Forwards the copy for another program linked to the same account, unchanged. */
function forwardToSibling(sender: LinkedDevice, sibling: LinkedDevice, stanza: Node, enc: Node): void {
  const identity = getBinaryNodeChild(stanza, "device-identity");
  const { id, to, type } = stanza.attrs;
  const attrs = { from: sender.pnJid, recipient: to, id, type, t: nowInSeconds() };
  sibling.deliver(node("message", attrs, identity ? [enc, identity] : [enc]));
}

function acknowledge(
  network: Network,
  sender: LinkedDevice,
  stanza: Node,
  { delayMs = 0, times = 1, error }: { delayMs?: number; times?: number; error?: number } = {},
): void {
  const { id, to } = stanza.attrs;
  const attrs = { class: "message", id, from: to, t: nowInSeconds(), error: error?.toString() };
  network.after(network.options.ack_delay_ms + delayMs, () => {
    if (error === undefined && sender.connection) {
      network.wireLog.acknowledged(chatOf(network, stanza), attribute(stanza, "id"));
    }
    for (let count = 0; count < times; count += 1) {
      network.counters.acks += 1;
      sender.connection?.send(node("ack", attrs));
    }
  });
}

function acknowledgeAccepted(network: Network, sender: LinkedDevice, stanza: Node, chat: string): void {
  if (!network.faults.trigger("lose_ack", [chat])) {
    const delayMs = network.faults.trigger("slow_ack", [chat])?.ms ?? 0;
    const times = network.faults.trigger("repeat_ack", [chat]) ? 2 : 1;
    acknowledge(network, sender, stanza, { delayMs, times });
  }
}

/** Returns the user of the chat; a copy for the shop's own phone names the customer beside it. */
function chatOf(network: Network, stanza: Node): string {
  const about = stanza.attrs["recipient"] ?? attribute(stanza, "to");
  return network.world.byJid(about)?.user ?? parseJid(about)?.user ?? about;
}

/** Records the keys of a message, refused or not: its ciphertexts have been on the wire. */
function recordKeys(network: Network, sender: LinkedDevice, stanza: Node): void {
  const from = `${sender.account.user}:${sender.id}`;
  for (const { jid, enc } of copiesIn(stanza)) {
    const to = `${network.world.byJid(jid)?.user ?? jid}:${parseJid(jid)?.device ?? 0}`;
    network.messageKeys.record({ from, to, id: attribute(stanza, "id") }, encrypted(enc));
  }
}

export function receiveMessage(network: Network, sender: LinkedDevice, stanza: Node): void {
  const id = attribute(stanza, "id");
  const chat = chatOf(network, stanza);
  network.counters.messages += 1;
  recordKeys(network, sender, stanza);
  const error = refusalOf(network, sender, stanza, chat);
  if (error !== undefined) {
    acknowledge(network, sender, stanza, { error });
    return;
  }
  if (stanza.attrs["recipient"] === undefined) {
    network.wireLog.record(sender.account.user, chat, id, tokenIn(stanza));
  }
  acknowledgeAccepted(network, sender, stanza, chat);
  const delayMs = network.faults.trigger("slow_delivery", [chat])?.ms ?? 0;
  network.after(delayMs, () => {
    distribute(network, sender, stanza, chat);
  });
}

function distribute(network: Network, sender: LinkedDevice, stanza: Node, chat: string): void {
  const id = attribute(stanza, "id");
  for (const { jid, enc } of copiesIn(stanza)) {
    const device = network.world.deviceAt(jid);
    if (device instanceof LinkedDevice) {
      forwardToSibling(sender, device, stanza, enc);
    } else if (device) {
      receiveOnPhone(network, { sender, device, jid, chat, id, sealed: encrypted(enc) });
    } else {
      network.counters.strays += 1;
    }
  }
}
