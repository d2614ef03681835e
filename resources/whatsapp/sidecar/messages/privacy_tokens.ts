// Records which customers were issued a privacy token, so that it is not issued again with every text.
import { unixTimestampSeconds, type SignalDataSet, type SignalKeyStore } from "baileys";
import { log } from "../log.ts";
import { NCT_SALT } from "./cs_token.ts";
import { activeGate, type SendGate } from "./send_gate.ts";

const TOKENS = "tctoken";
/** Id under which Baileys lists the customers with a token. */
export const TOKEN_INDEX = "__index";

/**
 * Baileys issues a token after a text and then records the time: but by then the text's transaction is over, and the
 * record written into it is lost. Baileys reads the index last of all, and only when WhatsApp has taken the token.
 */
export function recordTokenIssues(keys: SignalKeyStore): SignalKeyStore {
  const customers = new WeakMap<SendGate, string>();

  async function record(customer: string): Promise<void> {
    try {
      const { [customer]: known } = await keys.get(TOKENS, [customer]);
      const issued = { token: Buffer.alloc(0), ...known, senderTimestamp: unixTimestampSeconds() };
      await keys.set({ [TOKENS]: { [customer]: issued } });
    } catch (error) {
      log.warn({ error }, "token issue not kept");
    }
  }

  return {
    get: (type, ids) => {
      const gate = type === TOKENS ? activeGate() : undefined;
      const [asked] = ids;
      if (gate !== undefined && asked !== undefined) {
        const customer = customers.get(gate);
        if (asked !== TOKEN_INDEX && asked !== NCT_SALT) customers.set(gate, asked);
        if (asked === TOKEN_INDEX && customer !== undefined) void record(customer);
      }
      return keys.get(type, ids);
    },
    set: (changes) => keys.set(activeGate() === undefined ? changes : withoutClearedTokens(changes)),
  };
}

/**
 * Baileys clears a token that has expired by the PC's clock, which may be set wrong: it stays, and the next message
 * judges it anew.
 */
function withoutClearedTokens(changes: SignalDataSet): SignalDataSet {
  const { [TOKENS]: tokens, ...others } = changes;
  if (tokens === undefined) return changes;
  const given = Object.entries(tokens).filter(([, entry]) => entry !== null && entry.token.length > 0);
  return { ...others, [TOKENS]: Object.fromEntries(given) };
}
