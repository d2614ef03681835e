// Stores the content of a history: account ids, tokens and salt for Baileys, account ids and timers for Python.
import type { WASocket } from "baileys";
import { log } from "../log.ts";
import type { Mapping } from "../protocol/host_requests.ts";
import type { Wire } from "../protocol/wire.ts";
import { isOwn } from "../messages/recipients.ts";
import type { ChatToken, History, Person } from "./history_content.ts";
import { storeSalt, storeTokens } from "./store_tokens.ts";

const PAIRS_AT_ONCE = 500;
const TOLD_AT_ONCE = 50;
/** Numbers without an account id in the history, which WhatsApp is asked for in one query. */
const MAX_LOOKED_UP = 200;

/** Resolves when all of it is on disk. */
export async function storeHistory(sock: WASocket, wire: Wire, history: History): Promise<void> {
  const lidByNumber = pairsIn(history.people.filter((person) => !isShop(sock, person)));
  const pairs = [...lidByNumber].map(([number, lid]) => ({ pn: jidOfNumber(number), lid }));
  for (const some of batches(pairs, PAIRS_AT_ONCE))
    await sock.signalRepository.lidMapping.storeLIDPNMappings(some);
  const tokens = history.tokens.filter((token) => !isShop(sock, token));
  await storeTokens(sock.authState.keys, await tokensById(sock, tokens, lidByNumber));
  if (history.salt) await storeSalt(sock.authState.keys, history.salt);
  for (const mappings of batches(mappingsOf(lidByNumber), TOLD_AT_ONCE))
    await wire.request("mappings", { mappings });
  const timers = history.timers.filter((timer) => !isShop(sock, timer));
  for (const some of batches(timers, TOLD_AT_ONCE)) await wire.request("chat_timers", { timers: some });
}

function pairsIn(people: Person[]): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const { number, lid } of people) if (number !== null && lid !== null) pairs.set(number, lid);
  return pairs;
}

/** Baileys looks a token up by account id, and by number only as long as it knows none. */
async function tokensById(
  sock: WASocket,
  tokens: ChatToken[],
  lidByNumber: Map<string, string>,
): Promise<Map<string, ChatToken>> {
  const lidOf = ({ number, lid }: Person): string | undefined => lid ?? lidByNumber.get(number ?? "");
  const unknown = tokens.flatMap((token) => (lidOf(token) === undefined ? (token.number ?? []) : []));
  const found = await lookUp(sock, unknown.slice(0, MAX_LOOKED_UP));
  return new Map(
    tokens.map((token) => {
      const jid = jidOfNumber(token.number ?? "");
      return [lidOf(token) ?? found.get(jid) ?? jid, token];
    }),
  );
}

async function lookUp(sock: WASocket, numbers: string[]): Promise<Map<string, string>> {
  try {
    const found = await sock.signalRepository.lidMapping.getLIDsForPNs(numbers.map(jidOfNumber));
    return new Map((found ?? []).map(({ pn, lid }) => [pn, lid]));
  } catch (error) {
    log.warn({ error }, "account ids of tokens not found out");
    return new Map();
  }
}

function mappingsOf(lidByNumber: Map<string, string>): Mapping[] {
  return [...lidByNumber].map(([number, lid]) => ({ number, lid, username: null, live: false }));
}

function isShop(sock: WASocket, { number, lid }: Person): boolean {
  return isOwn(sock, lid ?? "") || (number !== null && isOwn(sock, jidOfNumber(number)));
}

function jidOfNumber(number: string): string {
  return `${number.slice(1)}@s.whatsapp.net`;
}

function batches<T>(all: T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
    all.slice(place * size, (place + 1) * size),
  );
}
