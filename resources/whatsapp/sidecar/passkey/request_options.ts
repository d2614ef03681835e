// Reads the WebAuthn request that WhatsApp wants signed with the account's passkey.
import { getBinaryNodeChildBuffer, type BinaryNode } from "baileys";
import { isRecord } from "../protocol/shapes.ts";

/** Site to which the account's passkey belongs. */
const SITE = "whatsapp.com";
const DEFAULT_TIMEOUT_MS = 600_000;
const MAX_TIMEOUT_MS = 600_000;
const MAX_LENGTH = 64 * 1024;
const BASE64URL = /^[\w-]{16,}$/;

export interface PasskeyRequest {
  /** The options as WhatsApp wrote them, for `navigator.credentials.get`. */
  readonly options: string;
  readonly timeoutMs: number;
}

export type OptionsFault = "options_missing" | "options_malformed" | "foreign_site";

/** A signature for another site, or for anything that is no challenge, is never asked of a person. */
export function readRequest(node: BinaryNode): PasskeyRequest | OptionsFault {
  const bytes = getBinaryNodeChildBuffer(node, "passkey_request_options");
  if (bytes === undefined || bytes.length === 0) return "options_missing";
  const options = Buffer.from(bytes).toString();
  const read = bytes.length > MAX_LENGTH ? undefined : parse(options);
  if (!read || typeof read["challenge"] !== "string" || !BASE64URL.test(read["challenge"]))
    return "options_malformed";
  if (read["rpId"] !== SITE) return "foreign_site";
  return { options, timeoutMs: timeoutOf(read["timeout"]) };
}

function timeoutOf(told: unknown): number {
  return typeof told === "number" && told > 0 ? Math.min(told, MAX_TIMEOUT_MS) : DEFAULT_TIMEOUT_MS;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
