// Ends a connection from the server's side with a stream error.
import type { Connection } from "../stream/connection.ts";
import { node, type Node } from "../stream/nodes.ts";

const REPLACED = 440;
const DEVICE_REMOVED = 401;
const SERVICE_UNAVAILABLE = 503;

/** Names accepted instead of a code. `xmlstreamend` is the stream's orderly end, without any error. */
export const STREAM_ERROR_CAUSES = [
  "replaced",
  "device_removed",
  "ack",
  "xml-not-well-formed",
  "xmlstreamend",
] as const;
export type StreamErrorCause = (typeof STREAM_ERROR_CAUSES)[number];

interface StreamErrorReason {
  readonly code?: number | undefined;
  readonly cause?: string | undefined;
}

function conflict(type: string): Node[] {
  return [node("conflict", { type })];
}

function streamError({ code = SERVICE_UNAVAILABLE, cause }: StreamErrorReason): Node {
  if (cause === "xmlstreamend") {
    return node("xmlstreamend");
  }
  if (cause === "replaced" || (cause === undefined && code === REPLACED)) {
    return node("stream:error", {}, conflict("replaced"));
  }
  if (cause === "device_removed" || (cause === undefined && code === DEVICE_REMOVED)) {
    return node("stream:error", { code: DEVICE_REMOVED.toString() }, conflict("device_removed"));
  }
  return cause === undefined
    ? node("stream:error", { code: code.toString() })
    : node("stream:error", {}, [node(cause)]);
}

export function sendStreamError(connection: Connection, reason: StreamErrorReason): void {
  connection.send(streamError(reason));
  connection.end();
}
