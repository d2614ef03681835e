// Ends a connection from the server's side with a stream error.
import type { Connection } from "../stream/connection.ts";
import { node, type Node } from "../stream/nodes.ts";

const REPLACED = 440;
const DEVICE_REMOVED = 401;
const SERVICE_UNAVAILABLE = 503;

function streamError(code: number): Node {
  if (code === REPLACED) {
    return node("stream:error", {}, [node("conflict", { type: "replaced" })]);
  }
  const cause = code === DEVICE_REMOVED ? [node("conflict", { type: "device_removed" })] : undefined;
  return node("stream:error", { code: code.toString() }, cause);
}

/** The answer to a stanza that cannot be understood. */
export function sendMalformed(connection: Connection): void {
  connection.send(node("stream:error", {}, [node("xml-not-well-formed")]));
  connection.end();
}

export function sendStreamError(connection: Connection, code = SERVICE_UNAVAILABLE): void {
  connection.send(streamError(code));
  connection.end();
}
