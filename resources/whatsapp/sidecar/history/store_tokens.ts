// Stores privacy tokens and the salt of a history where Baileys and the send gate look for them.
import type { SignalDataTypeMap, SignalKeyStore } from "baileys";
import { NCT_SALT } from "../messages/cs_token.ts";
import { TOKEN_INDEX } from "../messages/privacy_tokens.ts";
import type { ChatToken } from "./history_content.ts";

type TokenEntry = SignalDataTypeMap["tctoken"];

/** As many as one transaction of the database may take. */
const BATCH = 200;

/** Tokens by the id under which Baileys looks them up; of two, the newer is kept. */
export async function storeTokens(
  keys: SignalKeyStore,
  tokens: ReadonlyMap<string, ChatToken>,
): Promise<void> {
  const ids = [...tokens.keys()];
  if (ids.length === 0) return;
  await storeIndex(keys, ids);
  for (let from = 0; from < ids.length; from += BATCH) {
    const batch = ids.slice(from, from + BATCH);
    const known = await keys.get("tctoken", batch);
    const changes = batch.flatMap((id) => {
      const token = tokens.get(id);
      return token ? [[id, merged(known[id], token)] as const] : [];
    });
    await keys.set({ tctoken: Object.fromEntries(changes) });
  }
}

export async function storeSalt(keys: SignalKeyStore, salt: Uint8Array): Promise<void> {
  await keys.set({ tctoken: { [NCT_SALT]: { token: Buffer.from(salt) } } });
}

/** Baileys deletes only the expired tokens that this list names. */
async function storeIndex(keys: SignalKeyStore, ids: string[]): Promise<void> {
  const { [TOKEN_INDEX]: index } = await keys.get("tctoken", [TOKEN_INDEX]);
  const all = new Set([...idsIn(index), ...ids]);
  await keys.set({ tctoken: { [TOKEN_INDEX]: { token: Buffer.from(JSON.stringify([...all])) } } });
}

function idsIn(index: TokenEntry | undefined): string[] {
  try {
    const known = JSON.parse(Buffer.from(index?.token ?? "[]").toString()) as unknown;
    return Array.isArray(known) ? known.filter((id) => typeof id === "string") : [];
  } catch {
    return [];
  }
}

function merged(known: TokenEntry | undefined, told: ChatToken): TokenEntry {
  const isNewer = told.token.length > 0 && told.timestamp >= (knownTime(known) ?? 0);
  const token = isNewer
    ? { token: Buffer.from(told.token), timestamp: String(told.timestamp) }
    : { token: Buffer.alloc(0), ...known };
  const sent = Math.max(known?.senderTimestamp ?? 0, told.senderTimestamp ?? 0);
  return sent > 0 ? { ...token, senderTimestamp: sent } : token;
}

function knownTime(known: TokenEntry | undefined): number | undefined {
  return known && known.token.length > 0 ? Number(known.timestamp ?? 0) : undefined;
}
