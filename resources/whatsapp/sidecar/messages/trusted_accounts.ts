// Marks the accounts that have let this one write to them: a usable privacy token of theirs is known.
import type { Account, FindNumbersResult, FoundAccount } from "../protocol/requests.ts";
import type { Connection } from "../session/connection.ts";
import { isUsable } from "./cs_token.ts";
import type { FoundNumbers } from "./find_numbers.ts";

/** Local: the tokens are among the keys of this connection. Baileys sends the one of the account id where it knows it. */
export async function markTrusted(
  connection: Connection | null,
  found: FoundNumbers,
): Promise<FindNumbersResult> {
  if (found.outcome !== "answered") return found;
  const accounts = found.answers.flatMap((answer) => answer ?? []);
  const tokens = (await connection?.sock.authState.keys.get("tctoken", accounts.map(tokenId))) ?? {};
  const nowS = Date.now() / 1000;
  const mark = (account: Account): FoundAccount => ({
    ...account,
    trusted: isUsable(tokens[tokenId(account)], nowS),
  });
  return { outcome: "answered", answers: found.answers.map((answer) => answer?.map(mark) ?? null) };
}

function tokenId({ jid, lid }: Account): string {
  return lid ?? jid;
}
