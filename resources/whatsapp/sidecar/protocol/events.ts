// Events that the sidecar emits to Python, with their parameters.
import type { Account } from "./requests.ts";
import type {
  CLOSE_CAUSES,
  CONNECTION_STATES,
  PAIRING_NOTICE_KINDS,
  RESTRICTION_KINDS,
} from "./vocabulary.ts";

export type CloseCause = (typeof CLOSE_CAUSES)[number];

export interface Events {
  connection: {
    state: (typeof CONNECTION_STATES)[number];
    code: number | null;
    cause: CloseCause | null;
    /** Seconds until a temporary ban of the account ends. */
    expires_in_s: number | null;
    account: Account | null;
  };
  qr: { text: string; lives_ms: number };
  pairing_notice: { kind: (typeof PAIRING_NOTICE_KINDS)[number] };
  restriction: {
    kind: (typeof RESTRICTION_KINDS)[number];
    active: boolean;
    until: number | null;
    used: number | null;
    total: number | null;
  };
  server_time: { at: number };
  offline_stanza: { message: UnreadMessage | null };
  offline_recorded: { message_id: string };
}

/** A message that waited at WhatsApp and is not decrypted yet, with the addresses that its stanza names. */
export interface UnreadMessage {
  message_id: string;
  number: string | null;
  lid: string | null;
}

export type EventName = keyof Events;
