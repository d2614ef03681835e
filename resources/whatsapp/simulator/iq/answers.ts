// Finds the answer to a client's iq by its namespace, type and first child.
import { getAllBinaryNodeChildren } from "baileys";
import { removeDevice } from "../login/logout.ts";
import { deliverWaiting } from "../login/offline_queue.ts";
import { bootstrapHistory } from "../messages/history.ts";
import { countPreKeys, digestKeys, rotateSignedPreKey, uploadPreKeys } from "../keys/published_keys.ts";
import { keyBundles } from "../keys/key_bundles.ts";
import type { Connection } from "../stream/connection.ts";
import type { Node } from "../stream/nodes.ts";
import { usync } from "../usync/usync.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { content, refusal, replyNode, type Reply } from "../stream/reply.ts";
import { mex } from "./mex.ts";
import { appState, blockList, mediaConnection, privacy, privacyTokens, properties } from "./settings.ts";

/** Undefined: the server stays silent. */
type Answer = (network: Network, device: LinkedDevice, iq: Node) => Reply | undefined;

const NO_ANSWER = 0;
const TOO_MANY = 429;

const ANSWERS = new Map<string, Answer>([
  ["w:p get ping", () => content()],
  ["w:stats add", () => content()],
  ["urn:xmpp:whatsapp:dirty set clean", () => content()],
  ["encrypt get count", countPreKeys],
  ["encrypt set registration", uploadPreKeys],
  ["encrypt set rotate", rotateSignedPreKey],
  ["encrypt get digest", digestKeys],
  ["encrypt get key", keyBundles],
  [
    "passive set active",
    (network, device) => ({
      afterwards: async () => {
        deliverWaiting(network, device);
        await bootstrapHistory(network, device);
      },
    }),
  ],
  ["abt get props", properties],
  ["blocklist get", blockList],
  ["privacy get privacy", privacy],
  ["privacy set tokens", privacyTokens],
  ["w:sync:app:state set sync", appState],
  ["usync get usync", usync],
  ["w:mex get query", mex],
  ["w:m set media_conn", mediaConnection],
  ["md set remove-companion-device", removeDevice],
]);

function topic(iq: Node): string {
  const [first] = getAllBinaryNodeChildren(iq);
  return [iq.attrs["xmlns"], iq.attrs["type"], first?.tag].filter((part) => part !== undefined).join(" ");
}

function replyTo(network: Network, device: LinkedDevice, iq: Node): Reply | undefined {
  const asked = topic(iq);
  const fault = network.faults.triggerTopic(asked);
  if (fault) {
    return fault.code === NO_ANSWER ? undefined : refusal(fault.code ?? TOO_MANY, "rate-overlimit");
  }
  const answer = ANSWERS.get(asked);
  return answer ? answer(network, device, iq) : refusal(501, "feature-not-implemented");
}

export async function answerIq(
  network: Network,
  device: LinkedDevice,
  connection: Connection,
  iq: Node,
): Promise<void> {
  const { id, type } = iq.attrs;
  if (type === "result" || type === "error") {
    return;
  }
  network.counters.iqs += 1;
  const reply = replyTo(network, device, iq);
  if (reply) {
    connection.send(replyNode(id, reply));
    await reply.afterwards?.();
  }
}
