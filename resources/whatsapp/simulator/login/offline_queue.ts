// Delivers a device's offline queue once the device says that it is active.
import type { Connection } from "../stream/connection.ts";
import { node, SERVER, type Node } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";

function count(waiting: Node[], tag: string): string {
  return waiting.filter((stanza) => stanza.tag === tag).length.toString();
}

export function deliverWaiting(network: Network, device: LinkedDevice): void {
  const { connection } = device;
  const waiting = device.unacknowledged();
  const total = waiting.length.toString();
  device.active = true;
  if (!connection) {
    return;
  }
  if (waiting.length > 0) {
    const preview = {
      count: total,
      message: count(waiting, "message"),
      receipt: count(waiting, "receipt"),
      notification: count(waiting, "notification"),
    };
    connection.send(node("ib", { from: SERVER }, [node("offline_preview", preview)]));
  }
  sendOneByOne(network, device, connection, waiting, total);
}

function sendOneByOne(
  network: Network,
  device: LinkedDevice,
  connection: Connection,
  [stanza, ...later]: Node[],
  total: string,
): void {
  if (device.connection !== connection) {
    return;
  }
  if (!stanza) {
    if (!network.faults.trigger("lose_offline_end", [device.account.user])) {
      connection.send(node("ib", { from: SERVER }, [node("offline", { count: total })]));
    }
    return;
  }
  network.after(network.options.offline_gap_ms, () => {
    connection.send({ ...stanza, attrs: { ...stanza.attrs, offline: "0" } });
    sendOneByOne(network, device, connection, later, total);
  });
}
