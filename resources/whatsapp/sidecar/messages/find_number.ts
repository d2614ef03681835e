// Asks WhatsApp, in one query, which forms of a number have an account.
import { USyncQuery, USyncUser } from "baileys";
import type { Account, FindNumberResult } from "../protocol/requests.ts";
import { log } from "../log.ts";
import type { Connection } from "../session/connection.ts";
import { isConnectionClosed, serverErrorCode } from "./query_error.ts";

/** An empty list of accounts is an answer; a missing answer is not. */
export async function findNumber(
  connection: Connection | null,
  numbers: string[],
): Promise<FindNumberResult> {
  if (connection?.isOpen !== true) return { outcome: "could_not_ask", kind: "not_connected" };
  const query = new USyncQuery().withContactProtocol().withLIDProtocol();
  for (const number of numbers) query.withUser(new USyncUser().withPhone(number));
  try {
    const found = await connection.answer(connection.sock.executeUSyncQuery(query));
    if (found === undefined) return { outcome: "could_not_ask", kind: "timeout" };
    return {
      outcome: "answered",
      accounts: found.list.filter(({ contact }) => contact === true).map(toAccount),
    };
  } catch (error) {
    return { outcome: "could_not_ask", kind: errorKind(error) };
  }
}

function toAccount({ id, lid }: { id: string; [protocol: string]: unknown }): Account {
  return { jid: id, lid: typeof lid === "string" ? lid : null };
}

function errorKind(error: unknown): "not_connected" | "rate_limited" | "refused" {
  if (serverErrorCode(error) === 429) return "rate_limited";
  if (isConnectionClosed(error)) return "not_connected";
  log.warn({ error }, "number not found out");
  return "refused";
}
