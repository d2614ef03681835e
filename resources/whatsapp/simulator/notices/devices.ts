// Notices about the devices of a user.
import { createHash } from "node:crypto";
import { pnJid } from "../stream/jids.ts";
import { node, type Node } from "../stream/nodes.ts";
import { notification } from "./notification.ts";

export type DeviceChange = "add" | "remove" | "update";

export function devicesChanged(user: string, change: DeviceChange, ids: readonly number[]): Node {
  const devices = ids.map((id) => {
    const index = change === "remove" || id === 0 ? undefined : id.toString();
    return node("device", { jid: pnJid(user, id), "key-index": index });
  });
  const device_hash = `2:${createHash("sha256").update(ids.join()).digest("base64").slice(0, 8)}`;
  return notification("devices", [node(change, { device_hash }, devices)], { from: pnJid(user) });
}
