// Reads pairs of number and account id from raw stanzas: usync answers, messages and receipts.
import { getBinaryNodeChild, getBinaryNodeChildren, type BinaryNode, type WASocket } from "baileys";
import type { Mapping } from "../protocol/host_requests.ts";
import type { Connection } from "../session/connection.ts";
import { lidOfJid, numberOfJid, sanitizeUsername } from "./account_ids.ts";
import type { MappingReporter } from "./mapping_reporter.ts";
import { mappingsInMigration } from "./migration_mappings.ts";
import { messageIdsIn } from "./receipts.ts";
import { isOwn } from "./recipients.ts";

const MAX_SENT = 2000;

/** Remembers to which number each text went, for the receipts that an account id sends for it. */
export class SentNumbers {
  readonly #numbers = new Map<string, string>();

  add(messageId: string, jid: string): void {
    const number = numberOfJid(jid);
    if (number === null) return;
    this.#numbers.set(messageId, number);
    const oldest = this.#numbers.keys().next().value;
    if (oldest !== undefined && this.#numbers.size > MAX_SENT) this.#numbers.delete(oldest);
  }

  get(messageId: string): string | undefined {
    return this.#numbers.get(messageId);
  }
}

/** The shop's own pair says nothing about a customer. */
export function watchMappings(connection: Connection, reporter: MappingReporter, sent: SentNumbers): void {
  const { sock } = connection;
  reporter.forget();
  const report = (mapping: Mapping | null): void => {
    if (mapping !== null && !isOwnMapping(sock, mapping)) reporter.report(mapping);
  };
  connection.onStanza("iq,,usync", (node) => {
    mappingsInUsync(node).forEach(report);
  });
  connection.onStanza("message", (node) => {
    report(mappingInMessage(node));
  });
  connection.on("messages.upsert", ({ messages }) => {
    for (const { key, message } of messages) {
      const pushed =
        key.fromMe === true && isOwn(sock, key.remoteJid ?? "") ? message?.protocolMessage : null;
      if (pushed) mappingsInMigration(pushed).forEach(report);
    }
  });
  connection.onStanza("receipt", (node) => {
    mappingsInReceipt(node, sent).forEach(report);
  });
}

export function isOwnMapping(sock: WASocket, { number, lid }: Mapping): boolean {
  return isOwn(sock, lid) || (number !== null && isOwn(sock, `${number.slice(1)}@s.whatsapp.net`));
}

export function mappingsInUsync(iq: BinaryNode): Mapping[] {
  const list = getBinaryNodeChild(getBinaryNodeChild(iq, "usync"), "list");
  return getBinaryNodeChildren(list, "user").flatMap((user) => {
    const lid = lidOfJid(getBinaryNodeChild(user, "lid")?.attrs["val"]);
    const number = numberOfJid(user.attrs["jid"]);
    return lid === null || number === null ? [] : [{ number, lid, username: null, live: true }];
  });
}

/** A copy of what another device of the shop wrote names the customer as its recipient. */
export function mappingInMessage({ attrs }: BinaryNode): Mapping | null {
  const [primary, pn, lid, username] =
    attrs["recipient"] === undefined
      ? [attrs["from"], attrs["sender_pn"], attrs["sender_lid"], attrs["username"]]
      : [
          attrs["recipient"],
          attrs["peer_recipient_pn"] ?? attrs["recipient_pn"],
          attrs["peer_recipient_lid"] ?? attrs["recipient_lid"],
          attrs["peer_recipient_username"] ?? attrs["recipient_username"],
        ];
  const accountId = lidOfJid(primary) ?? (numberOfJid(primary) === null ? null : lidOfJid(lid));
  if (accountId === null) return null;
  const number = numberOfJid(primary) ?? numberOfJid(pn);
  return { number, lid: accountId, username: sanitizeUsername(username), live: true };
}

/** Only the recipient of a text knows its id, which is random: the account that answers for it has the number. */
export function mappingsInReceipt(receipt: BinaryNode, sent: SentNumbers): Mapping[] {
  const { from, participant } = receipt.attrs;
  const lid = participant === undefined ? lidOfJid(from) : null;
  if (lid === null) return [];
  const numbers = messageIdsIn(receipt).flatMap((id) => sent.get(id) ?? []);
  return numbers.map((number) => ({ number, lid, username: null, live: true }));
}
