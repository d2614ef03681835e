// The frame of every notice that the server pushes.
import { randomUUID } from "node:crypto";
import { node, nowInSeconds, SERVER, type Node } from "../stream/nodes.ts";

export function notification(
  type: string,
  content: Node[],
  attrs: Record<string, string | undefined> = {},
): Node {
  return node("notification", { from: SERVER, id: randomUUID(), t: nowInSeconds(), ...attrs, type }, content);
}
