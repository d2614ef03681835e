// Sends a message from a simulated device to a program: encrypted, live or through its offline queue.
import { randomBytes } from "node:crypto";
import { takeBundle } from "../keys/take_bundle.ts";
import { beginSession, encrypt, type Encrypted } from "../signal/cipher.ts";
import type { KeyBundle } from "../signal/device_keys.ts";
import { node, nowInSeconds, type Node } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import type { SimulatedDevice, SentMessage } from "../world/simulated_device.ts";

/** The answer to a retry receipt: with its count, and in a new session. */
export interface Resend {
  readonly count: number;
  readonly keys: KeyBundle | undefined;
}

export function newMessageId(): string {
  return `3A${randomBytes(9).toString("hex").toUpperCase()}`;
}

/** `about` is the user whom faults of this message concern. */
export async function sendToDevice(
  network: Network,
  author: SimulatedDevice,
  about: string,
  device: LinkedDevice,
  sent: SentMessage,
  resend?: Resend,
): Promise<void> {
  author.sentMessages.set(sent.id, sent);
  if (resend) {
    await beginSession(author.sessions, device, resend.keys ?? takeBundle(device));
  }
  const sealed = await encrypt(author.sessions, device, sent.message, () => takeBundle(device));
  if (network.faults.trigger("garble_inbound", [about])) {
    corrupt(sealed);
  }
  const stanza = messageNode(sent, sealed, resend?.count);
  device.deliver(stanza);
  if (network.faults.trigger("repeat_inbound", [about])) {
    device.push(stanza);
  }
}

function messageNode({ id, envelope }: SentMessage, { type, ciphertext }: Encrypted, count?: number): Node {
  const enc = node("enc", { v: "2", type, count: count?.toString() }, ciphertext);
  return node("message", { id, t: nowInSeconds(), ...envelope }, [enc]);
}

/** Changes the ciphertext so that it neither parses nor verifies. */
function corrupt({ ciphertext }: Encrypted): void {
  const last = ciphertext.length - 1;
  ciphertext[last] = (ciphertext[last] ?? 0) ^ 0xff;
}
