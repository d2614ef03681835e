// Requests that Python makes to the sidecar: shapes of the parameters, types of the results.
import {
  BROWSERS,
  type COULD_NOT_ASK_KINDS,
  type HISTORY_OUTCOMES,
  type IN_DOUBT_REASONS,
  type REJECTED_KINDS,
} from "./vocabulary.ts";
import {
  integer,
  listOf,
  matching,
  notNegative,
  nullable,
  oneOf,
  positive,
  shape,
  text,
  boolean,
  type Of,
} from "./shapes.ts";

const number = matching(/^\+[1-9]\d{6,14}$/);
const userJid = matching(/^(\d{5,20}@s\.whatsapp\.net|[1-9]\d{0,19}@lid)$/);
/** One query of WhatsApp holds as many. */
const MAX_CUSTOMERS = 20;
const version = matching(/^\d{1,6}\.\d{1,6}\.\d{1,12}$/);
const messageId = matching(/^[0-9A-Za-z._-]{1,64}$/);

export const REQUESTS = {
  ping: shape({ wire_version: integer, patience_ms: notNegative }),
  connect: shape({
    generation: integer,
    credentials: nullable(text),
    simulated_url: nullable(text),
    connect_timeout_ms: positive,
    query_timeout_ms: positive,
    browser: oneOf(BROWSERS),
    version: nullable(version),
    known_version: nullable(version),
    look_up_version: boolean,
    system_certificates: boolean,
  }),
  disconnect: shape({}),
  logout: shape({}),
  pairing_code: shape({ number }),
  find_numbers: shape({ customers: listOf(listOf(number), { min: 1, max: MAX_CUSTOMERS }) }),
  mark_read: shape({ jid: userJid, message_ids: listOf(messageId, { min: 1 }) }),
  send_text: shape({
    jid: userJid,
    text,
    message_id: messageId,
    not_after: integer,
    ack_timeout_ms: positive,
    noted: boolean,
    expiration_s: notNegative,
  }),
  refresh_session: shape({ jids: listOf(userJid) }),
  reach_server: shape({ simulated_url: nullable(text), timeout_ms: positive }),
  read_history: shape({ notice: text }),
};

export type Method = keyof typeof REQUESTS;
export type Params<M extends Method> = Of<(typeof REQUESTS)[M]>;

export interface Account {
  jid: string;
  lid: string | null;
}
/** An account that WhatsApp named; `trusted` if its customer has let this account write, by a usable privacy token. */
export interface FoundAccount extends Account {
  trusted: boolean;
}
export interface PingResult {
  wire_version: number;
  baileys: string;
  node: string;
  pid: number;
  steady_ms: number;
  memory_bytes: number;
  round_trip_ms: number | null;
  answered_ms: number | null;
  client_version: string | null;
}
export type FindNumbersResult =
  | { outcome: "answered"; answers: (FoundAccount[] | null)[] }
  | { outcome: "could_not_ask"; kind: (typeof COULD_NOT_ASK_KINDS)[number] };
export type RejectedKind = (typeof REJECTED_KINDS)[number];
export type SendOutcome =
  | { outcome: "accepted"; at: number }
  | { outcome: "rejected"; kind: RejectedKind; code: number | null; written: boolean }
  | { outcome: "in_doubt"; reason: (typeof IN_DOUBT_REASONS)[number] };
export interface HistoryOutcome {
  outcome: (typeof HISTORY_OUTCOMES)[number];
}
export type EmptyResult = Record<string, never>;

export interface Results {
  ping: PingResult;
  connect: EmptyResult;
  disconnect: EmptyResult;
  logout: EmptyResult;
  pairing_code: { code: string };
  find_numbers: FindNumbersResult;
  mark_read: EmptyResult;
  send_text: SendOutcome;
  refresh_session: EmptyResult;
  reach_server: { reachable: boolean };
  read_history: HistoryOutcome;
}

/** One function for each method that the sidecar serves. */
export type Methods = { [M in Method]: (params: Params<M>) => Promise<Results[M]> };
