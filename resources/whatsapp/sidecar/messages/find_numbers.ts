// Asks WhatsApp, in one query, which forms of several customers' numbers have an account.
import { USyncContactProtocol, USyncQuery, USyncUser, type BinaryNode } from "baileys";
import type { Account, FindNumbersResult } from "../protocol/requests.ts";
import { log } from "../log.ts";
import type { Connection } from "../session/connection.ts";
import { lidOfJid, numberOfJid } from "./account_ids.ts";
import { steadyClock } from "../steady_clock.ts";
import { isConnectionClosed, serverErrorCode } from "./query_error.ts";

interface Contact {
  exists: boolean;
  /** Number of the query, which WhatsApp repeats in its answer. */
  asked: string | null;
}

/** Answers before it is known which accounts are trusted. */
export type FoundNumbers =
  | { outcome: "answered"; answers: (Account[] | null)[] }
  | Extract<FindNumbersResult, { outcome: "could_not_ask" }>;

interface NamedAccount extends Account {
  asked: string | null;
}

/** A message may wait for this answer, and can be sent without it. */
const LIDS_PATIENCE_MS = 3000;

const contact = new USyncContactProtocol();
/** Baileys' own parser leaves out the number of the query: an answer with another spelling would be nobody's. */
const CONTACT_WITH_QUERY: USyncQuery["protocols"][number] = {
  name: contact.name,
  getQueryElement: () => contact.getQueryElement(),
  getUserElement: (user) => contact.getUserElement(user),
  parser: (node): Contact => ({ exists: contact.parser(node), asked: textOf(node) }),
};

/** An empty list of accounts is an answer; a missing answer is not. */
export async function findNumbers(
  connection: Connection | null,
  customers: string[][],
): Promise<FoundNumbers> {
  if (connection?.isOpen !== true) return { outcome: "could_not_ask", kind: "not_connected" };
  try {
    const found = await findAccounts(connection, [...new Set(customers.flat())]);
    if (found === undefined) return { outcome: "could_not_ask", kind: "timeout" };
    const lids = await findMissingLids(connection, found);
    const accounts = found.map((account) => ({
      ...account,
      lid: account.lid ?? lids.get(account.jid) ?? null,
    }));
    return { outcome: "answered", answers: answersOf(accounts, customers) };
  } catch (error) {
    return { outcome: "could_not_ask", kind: errorKind(error) };
  }
}

async function findAccounts(connection: Connection, numbers: string[]): Promise<NamedAccount[] | undefined> {
  const query = new USyncQuery().withLIDProtocol();
  query.protocols.unshift(CONTACT_WITH_QUERY);
  for (const number of numbers) query.withUser(new USyncUser().withPhone(number));
  const found = await connection.answer(connection.sock.executeUSyncQuery(query));
  return found?.list.flatMap(({ id, lid, contact: about }) => {
    const { exists, asked } = (about ?? { exists: false, asked: null }) as Contact;
    return exists ? [{ jid: id, lid: lidOfJid(textOrNothing(lid)), asked }] : [];
  });
}

function patience(): Promise<undefined> {
  return new Promise((resolve) => {
    steadyClock.after(LIDS_PATIENCE_MS, () => {
      resolve(undefined);
    });
  });
}

/** Asks once more, by address, for the account ids that WhatsApp left out; the accounts are known without an answer. */
async function findMissingLids(
  connection: Connection,
  found: NamedAccount[],
): Promise<Map<string, string | null>> {
  const jids = new Set(found.flatMap(({ jid, lid }) => (lid === null ? [jid] : [])));
  if (jids.size === 0) return new Map();
  const query = new USyncQuery().withLIDProtocol().withContext("background");
  for (const jid of jids) query.withUser(new USyncUser().withId(jid));
  try {
    const asked = connection.answer(connection.sock.executeUSyncQuery(query));
    const answer = await Promise.race([asked, patience()]);
    return new Map(answer?.list.map(({ id, lid }) => [id, lidOfJid(textOrNothing(lid))]));
  } catch (error) {
    log.warn({ error }, "account ids not found out");
    return new Map();
  }
}

/** With an account that belongs to no customer, those without one have no answer: the account may be theirs. */
function answersOf(accounts: NamedAccount[], customers: string[][]): (Account[] | null)[] {
  if (customers.length === 1) return [uniqueAccounts(accounts)];
  const belongsTo = ({ jid, asked }: NamedAccount, forms: string[]): boolean =>
    [asked, numberOfJid(jid)].some((number) => number !== null && forms.includes(number));
  const isUnassigned = accounts.some((account) => !customers.some((forms) => belongsTo(account, forms)));
  return customers.map((forms) => {
    const own = accounts.filter((account) => belongsTo(account, forms));
    return own.length === 0 && isUnassigned ? null : uniqueAccounts(own);
  });
}

/** Both forms of one number are answered with the same account. */
function uniqueAccounts(accounts: NamedAccount[]): Account[] {
  const byJid = new Map<string, Account>();
  for (const { jid, lid } of accounts) byJid.set(jid, { jid, lid: lid ?? byJid.get(jid)?.lid ?? null });
  return [...byJid.values()];
}

function textOf({ content }: BinaryNode): string | null {
  if (content instanceof Uint8Array) return Buffer.from(content).toString();
  return typeof content === "string" ? content : null;
}

function textOrNothing(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function errorKind(error: unknown): "not_connected" | "rate_limited" | "refused" {
  if (serverErrorCode(error) === 429) return "rate_limited";
  if (isConnectionClosed(error)) return "not_connected";
  log.warn({ error }, "number not found out");
  return "refused";
}
