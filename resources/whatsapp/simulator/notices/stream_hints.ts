// Notices about the stream itself: where to connect next time, and changes since the last login.
import { node, nowInSeconds, SERVER, type Node } from "../stream/nodes.ts";

export function edgeRouting(routing: Buffer): Node {
  return node("ib", { from: SERVER }, [node("edge_routing", {}, [node("routing_info", {}, routing)])]);
}

export function dirty(type: string): Node {
  return node("ib", { from: SERVER }, [node("dirty", { type, timestamp: nowInSeconds() })]);
}
