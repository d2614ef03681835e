// Answers a client that asks for the keys of the devices it wants to write to.
import { getBinaryNodeChildren } from "baileys";
import { content, type Reply } from "../stream/reply.ts";
import { attribute, child, node, type Node } from "../stream/nodes.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { bundleNodes } from "../signal/bundle_nodes.ts";

function answerFor(network: Network, jid: string): Node {
  const device = network.world.deviceAt(jid);
  if (!device) {
    return node("user", { jid }, [node("error", { code: "404", text: "item-not-found" })]);
  }
  const bundle = device instanceof LinkedDevice ? device.takeBundle() : device.keys.takeBundle();
  return node("user", { jid }, bundleNodes(bundle));
}

export function keyBundles(network: Network, _device: LinkedDevice, iq: Node): Reply {
  const asked = getBinaryNodeChildren(child(iq, "key"), "user");
  const users = asked.map((user) => answerFor(network, attribute(user, "jid")));
  return content(node("list", {}, users));
}
