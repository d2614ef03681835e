// Signs a message to a customer without a privacy token by the account's salt (`<cstoken>`).
import { createHmac } from "node:crypto";
import type { BinaryNode, SignalDataTypeMap, SignalKeyStore } from "baileys";
import { lidOfJid } from "./account_ids.ts";

/** Id under which the account's salt is kept beside the tokens; Baileys deletes only listed ids. */
export const NCT_SALT = "__nct_salt";

const BUCKET_S = 7 * 24 * 60 * 60;
/** A token lives in the bucket in which it was given and in the three after it. */
const BUCKETS_AFTER = 3;

type Entry = SignalDataTypeMap["tctoken"];

/** Returns the node for a message without a usable token; null where the account id or the salt is not known. */
export async function signMessage(
  keys: SignalKeyStore,
  customer: string,
  token: Entry | undefined,
): Promise<BinaryNode | null> {
  const lid = lidOfJid(customer);
  if (lid === null || isUsable(token, Date.now() / 1000)) return null;
  const { [NCT_SALT]: salt } = await keys.get("tctoken", [NCT_SALT]);
  if (!salt || salt.token.length === 0) return null;
  const content = createHmac("sha256", salt.token).update(lid).digest();
  return { tag: "cstoken", attrs: {}, content };
}

/** The same rule by which Baileys sends a token or leaves it out. */
export function isUsable(entry: Entry | undefined, nowS: number): boolean {
  if (!entry || entry.token.length === 0) return false;
  const oldest = (Math.floor(nowS / BUCKET_S) - BUCKETS_AFTER) * BUCKET_S;
  return Number(entry.timestamp ?? Number.NaN) >= oldest;
}
