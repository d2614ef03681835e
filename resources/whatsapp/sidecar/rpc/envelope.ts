// Parses a line into one of the four kinds of JSON-RPC message.
import { isRecord } from "../protocol/shapes.ts";

export type Envelope =
  | { kind: "request"; id: number; method: string; params: unknown }
  | { kind: "notification" }
  | { kind: "answer"; id: number; result: unknown }
  | { kind: "refusal"; id: number | null }
  | { kind: "invalid"; id: number | null };

export function readEnvelope(line: string): Envelope {
  const message = parse(line);
  if (!isRecord(message) || message["jsonrpc"] !== "2.0") return { kind: "invalid", id: null };
  const id = Number.isSafeInteger(message["id"]) ? (message["id"] as number) : null;
  // An unreadable answer must not be answered: two sides would refuse each other for ever.
  if ("error" in message) return { kind: "refusal", id };
  if ("result" in message) {
    return id === null ? { kind: "refusal", id } : { kind: "answer", id, result: message["result"] };
  }
  if (typeof message["method"] !== "string") return { kind: "invalid", id };
  if (!("id" in message)) return { kind: "notification" };
  if (id === null) return { kind: "invalid", id };
  return { kind: "request", id, method: message["method"], params: message["params"] };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return undefined;
  }
}
