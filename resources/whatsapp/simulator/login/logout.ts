// Unlinks a device: at its own request, or because the account's phone says so.
import { announceDevices } from "../notices/announce.ts";
import { content, refusal, type Reply } from "../stream/reply.ts";
import { attribute, child, type Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { sendStreamError } from "./stream_error.ts";

export function removeDevice(network: Network, device: LinkedDevice, iq: Node): Reply {
  const named = network.world.deviceAt(attribute(child(iq, "remove-companion-device"), "jid"));
  const account = network.world.account(device.account.user);
  if (!(named instanceof LinkedDevice) || named.account !== account) {
    return refusal(404, "item-not-found");
  }
  return {
    ...content(),
    afterwards: () => {
      unlink(account, named.id);
    },
  };
}

/** Returns false when the account has no such linked device. */
export function unlink(account: Account, id: number): boolean {
  const program = account.linkedDevices.get(id);
  const removed = account.linkedDevices.delete(id) || account.companions.delete(id);
  if (program?.connection) {
    sendStreamError(program.connection, { cause: "device_removed" });
  }
  if (removed) {
    announceDevices(account);
  }
  return removed;
}
