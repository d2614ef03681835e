// Unlinks a device at its own request.
import { content, refusal, type Reply } from "../stream/reply.ts";
import { attribute, child, type Node } from "../stream/nodes.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { sendStreamError } from "./stream_error.ts";

const DEVICE_REMOVED = 401;

export function removeDevice(network: Network, device: LinkedDevice, iq: Node): Reply {
  const named = network.world.deviceAt(attribute(child(iq, "remove-companion-device"), "jid"));
  if (!(named instanceof LinkedDevice) || named.account.user !== device.account.user) {
    return refusal(404, "item-not-found");
  }
  network.world.account(named.account.user)?.linkedDevices.delete(named.id);
  return {
    ...content(),
    afterwards: () => {
      if (named.connection) {
        sendStreamError(named.connection, DEVICE_REMOVED);
      }
    },
  };
}
