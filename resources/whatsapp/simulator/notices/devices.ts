// Notices about the devices of a user.
import { createHash } from "node:crypto";
import { pnJid } from "../stream/jids.ts";
import { node, type Node } from "../stream/nodes.ts";
import { notification } from "./notification.ts";

export type DeviceChange = "add" | "remove" | "update";

/** What changed, as programs are told of a customer's devices. */
export function devicesChanged(user: string, change: DeviceChange, ids: readonly number[]): Node {
  const named = change === "remove" ? ids.map((id) => deviceNode(user, id, false)) : deviceNodes(user, ids);
  const content = node(change, { device_hash: hashOf(ids) }, named);
  return notification("devices", [content], { from: pnJid(user) });
}

/** The whole list, as the account's own programs are told of its devices. */
export function ownDevices(user: string, ids: readonly number[]): Node {
  const content = node("devices", { dhash: hashOf(ids) }, deviceNodes(user, ids));
  return notification("account_sync", [content], { from: pnJid(user) });
}

function deviceNodes(user: string, ids: readonly number[]): Node[] {
  return ids.map((id) => deviceNode(user, id, id !== 0));
}

function deviceNode(user: string, id: number, hasIndex: boolean): Node {
  return node("device", { jid: pnJid(user, id), "key-index": hasIndex ? id.toString() : undefined });
}

function hashOf(ids: readonly number[]): string {
  return `2:${createHash("sha256").update(ids.join()).digest("base64").slice(0, 8)}`;
}
