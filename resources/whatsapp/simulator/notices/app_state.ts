// The notice that a part of the app state has changed: the facts of chats besides their messages.
import { node, type Node } from "../stream/nodes.ts";
import { notification } from "./notification.ts";

export function appStateChanged(collection: string): Node {
  return notification("server_sync", [node("collection", { name: collection, version: "1" })]);
}
