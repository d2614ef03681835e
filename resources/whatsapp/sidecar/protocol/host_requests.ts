// Requests that the sidecar makes to Python, and the shapes of the results.
import type { Account } from "./requests.ts";
import { listOf, notNegative, nullable, shape, recordOf, text, boolean, type Of } from "./shapes.ts";
import type { INBOUND_KINDS, RECEIPT_LEVELS } from "./vocabulary.ts";

export interface HostRequests {
  "keys.get": { type: string; ids: string[] };
  "keys.set": { changes: Record<string, Record<string, string | null>> };
  "creds.save": { credentials: string; account: Account | null };
  "sent_text.get": { message_id: string };
  receipts: {
    receipts: {
      message_id: string;
      level: (typeof RECEIPT_LEVELS)[number];
      code: number | null;
      at: number;
    }[];
  };
  inbound: {
    message_id: string;
    jid: string;
    number: string | null;
    lid: string | null;
    username: string | null;
    name: string | null;
    kind: (typeof INBOUND_KINDS)[number];
    text: string | null;
    about: string | null;
    at: number;
    live: boolean;
  };
  mappings: { mappings: Mapping[] };
  chat_timers: { timers: ChatTimer[] };
  about_to_write: { message_id: string };
  history_notice: { notice_id: string; notice: string };
}

/** The time after which the messages of a chat disappear, 0 for never, as it was at a moment of WhatsApp's clock. */
export interface ChatTimer {
  number: string | null;
  lid: string | null;
  seconds: number;
  at: number;
}

/** An account id with the number and the username that were seen beside it. */
export interface Mapping {
  number: string | null;
  lid: string;
  username: string | null;
  live: boolean;
}

export const HOST_RESULTS = {
  "keys.get": shape({ values: recordOf(text) }),
  "keys.set": shape({}),
  "creds.save": shape({}),
  "sent_text.get": shape({ text: nullable(text), expiration_s: notNegative }),
  receipts: shape({ kept: listOf(boolean) }),
  inbound: shape({}),
  mappings: shape({}),
  chat_timers: shape({}),
  about_to_write: shape({ allowed: boolean }),
  history_notice: shape({}),
};

export type HostMethod = keyof HostRequests;
export type HostResult<Q extends HostMethod> = Of<(typeof HOST_RESULTS)[Q]>;
