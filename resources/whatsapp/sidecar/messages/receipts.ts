// Tells what phones report about our messages, matched by the message's id alone.
import { getBinaryNodeChildren, type BinaryNode } from "baileys";
import type { News } from "../protocol/news.ts";
import type { Connection } from "../session/connection.ts";
import { secondsToMoment } from "./moment.ts";
import { isOwn } from "./recipients.ts";

type Level = News["receipt"]["level"];

const FROM_CUSTOMER = new Map<string | undefined, Level>([
  [undefined, "delivered"],
  ["inactive", "delivered"],
  ["read", "read"],
  ["played", "read"],
  ["retry", "retry"],
]);
const FROM_OWN_DEVICE = new Map<string | undefined, Level>([
  ["sender", "sender"],
  ["retry", "retry"],
]);

/** The stanzas themselves: Baileys' events merge delivered and read, and drop copies it cannot decrypt. */
export function watchReceipts(connection: Connection): void {
  connection.onStanza("receipt", (node) => {
    const level = receiptLevel(node, (jid) => isOwn(connection.sock, jid));
    if (level === undefined) return;
    for (const id of idsIn(node)) tell(connection, node, id, level);
  });
  connection.onStanza("message", (node) => {
    const { from, recipient, id } = node.attrs;
    if (!from || !recipient || !id) return;
    if (isOwn(connection.sock, from)) tell(connection, node, id, "copy");
  });
}

export function receiptLevel({ attrs }: BinaryNode, own: (jid: string) => boolean): Level | undefined {
  const sender = attrs["participant"] ?? attrs["from"] ?? "";
  if (!/@(s\.whatsapp\.net|lid)$/.test(attrs["from"] ?? "")) return undefined;
  return (own(sender) ? FROM_OWN_DEVICE : FROM_CUSTOMER).get(attrs["type"]);
}

export function idsIn(node: BinaryNode): string[] {
  const lists = getBinaryNodeChildren(node, "list");
  const items = lists.flatMap((list) => getBinaryNodeChildren(list, "item"));
  return [node, ...items].flatMap(({ attrs }) => attrs["id"] ?? []);
}

function tell(connection: Connection, node: BinaryNode, messageId: string, level: Level): void {
  const at = secondsToMoment(node.attrs["t"]);
  connection.tell("receipt", { message_id: messageId, level, code: null, at });
}
