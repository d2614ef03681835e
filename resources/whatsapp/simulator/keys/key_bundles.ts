// Answers a client that asks for the keys of the devices it wants to write to.
import { getBinaryNodeChildren } from "baileys";
import { content, type Reply } from "../stream/reply.ts";
import { attribute, child, node, type Node } from "../stream/nodes.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { bundleNodes } from "../signal/bundle_nodes.ts";
import { takeBundle } from "./take_bundle.ts";

const NOT_FOUND = 404;

function answerFor(network: Network, jid: string): Node {
  const device = network.world.deviceAt(jid);
  const fault = network.faults.trigger("no_bundle", [network.world.byJid(jid)?.user ?? ""]);
  if (!device || fault) {
    const code = (fault?.code ?? NOT_FOUND).toString();
    return node("user", { jid }, [node("error", { code, text: "item-not-found" })]);
  }
  const bundle = device instanceof LinkedDevice ? takeBundle(device) : device.keys.takeBundle();
  return node("user", { jid }, bundleNodes(bundle));
}

export function keyBundles(network: Network, _device: LinkedDevice, iq: Node): Reply {
  const asked = getBinaryNodeChildren(child(iq, "key"), "user");
  const users = asked.map((user) => answerFor(network, attribute(user, "jid")));
  return content(node("list", {}, users));
}
