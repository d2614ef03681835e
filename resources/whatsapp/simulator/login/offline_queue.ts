// Delivers a device's offline queue once the device says that it is active.
import { node, SERVER, type Node } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";

function count(waiting: Node[], tag: string): string {
  return waiting.filter((stanza) => stanza.tag === tag).length.toString();
}

export function deliverWaiting(device: LinkedDevice): void {
  const { connection } = device;
  const waiting = device.unacknowledged();
  const total = waiting.length.toString();
  device.active = true;
  if (waiting.length > 0) {
    const preview = {
      count: total,
      message: count(waiting, "message"),
      receipt: count(waiting, "receipt"),
      notification: count(waiting, "notification"),
    };
    connection?.send(node("ib", { from: SERVER }, [node("offline_preview", preview)]));
  }
  for (const stanza of waiting) {
    connection?.send({ ...stanza, attrs: { ...stanza.attrs, offline: "0" } });
  }
  connection?.send(node("ib", { from: SERVER }, [node("offline", { count: total })]));
}
