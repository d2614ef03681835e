// Reads account ids, privacy tokens, timers and the salt out of a history, and no text or name.
import { lidOfJid, numberOfJid } from "../messages/account_ids.ts";
import type { ChatTimer } from "../protocol/host_requests.ts";
import { fieldsOf } from "./fields.ts";

/** A person of the shop's chats; one of the two is known. */
export interface Person {
  readonly number: string | null;
  readonly lid: string | null;
}

export interface ChatToken extends Person {
  /** Empty where the chat has none. */
  readonly token: Uint8Array;
  /** Unix seconds, 0 where there is no token. */
  readonly timestamp: number;
  /** Unix seconds at which the shop gave its own token. */
  readonly senderTimestamp: number | undefined;
}

export interface History {
  readonly people: Person[];
  readonly tokens: ChatToken[];
  readonly timers: ChatTimer[];
  salt: Uint8Array | null;
}

const HISTORY = { conversation: 2, mapping: 15, salt: 19 };
const MAPPING = { number: 1, lid: 2 };
const CHAT = {
  id: 1,
  timer: 9,
  timerSetAt: 10,
  token: 21,
  tokenAt: 22,
  ownTokenAt: 28,
  number: 39,
  lid: 42,
};

const NO_BYTES = new Uint8Array();
const LONGEST_JID = 64;
/** Some phones give milliseconds; as seconds they would be later than the year 5000. */
const MILLISECONDS_FROM = 1e11;

/** Throws where the bytes are no history. */
export function readHistoryContent(bytes: Uint8Array): History {
  const history: History = { people: [], tokens: [], timers: [], salt: null };
  for (const { number, value } of fieldsOf(bytes)) {
    if (typeof value === "number") continue;
    if (number === HISTORY.conversation) readChat(value, history);
    else if (number === HISTORY.mapping) readMapping(value, history);
    else if (number === HISTORY.salt && value.length > 0) history.salt = value;
  }
  return history;
}

function readMapping(bytes: Uint8Array, history: History): void {
  const fields = lastValues(bytes);
  const person = personOf(jid(fields.get(MAPPING.number)), jid(fields.get(MAPPING.lid)));
  if (person) history.people.push(person);
}

function readChat(bytes: Uint8Array, history: History): void {
  const fields = lastValues(bytes);
  const id = jid(fields.get(CHAT.id));
  const person = personOf(jid(fields.get(CHAT.number)) ?? id, jid(fields.get(CHAT.lid)) ?? id);
  if (!person) return;
  history.people.push(person);
  const number = (field: number): number => {
    const value = fields.get(field);
    return typeof value === "number" && Number.isSafeInteger(value) ? value : 0;
  };
  const [seconds, setAt] = [number(CHAT.timer), inSeconds(number(CHAT.timerSetAt))];
  // Zero with a time: turned off, which may be newer than what was known before the link.
  if (seconds > 0 || setAt > 0) history.timers.push({ ...person, seconds, at: setAt * 1000 });
  const token = fields.get(CHAT.token);
  const timestamp = inSeconds(number(CHAT.tokenAt));
  const senderTimestamp = inSeconds(number(CHAT.ownTokenAt)) || undefined;
  // Without its time a token counts as expired.
  const isGiven = token instanceof Uint8Array && token.length > 0 && timestamp > 0;
  if (isGiven) history.tokens.push({ ...person, token, timestamp, senderTimestamp });
  else if (senderTimestamp !== undefined)
    history.tokens.push({ ...person, token: NO_BYTES, timestamp: 0, senderTimestamp });
}

function lastValues(bytes: Uint8Array): Map<number, number | Uint8Array> {
  const values = new Map<number, number | Uint8Array>();
  for (const { number, value } of fieldsOf(bytes)) values.set(number, value);
  return values;
}

/** Groups, status posts and channels are left out. */
function personOf(numberJid: string | undefined, lidJid: string | undefined): Person | null {
  const person = { number: numberOfJid(numberJid), lid: lidOfJid(lidJid) };
  return person.number === null && person.lid === null ? null : person;
}

function jid(value: number | Uint8Array | undefined): string | undefined {
  return value instanceof Uint8Array && value.length > 0 && value.length <= LONGEST_JID
    ? Buffer.from(value).toString("latin1")
    : undefined;
}

function inSeconds(moment: number): number {
  return moment > MILLISECONDS_FROM ? Math.floor(moment / 1000) : moment;
}
