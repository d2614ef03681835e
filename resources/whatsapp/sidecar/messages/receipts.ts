// Gives Python what phones report about our messages, and lets Baileys acknowledge it only when it is on disk.
import { getBinaryNodeChildren, type BinaryNode } from "baileys";
import type { Wire } from "../protocol/wire.ts";
import type { Connection } from "../session/connection.ts";
import type { AckLedger } from "./ack_ledger.ts";
import { secondsToMoment } from "./moment.ts";
import { isOwnPhone, sendAgainToOwnPhone } from "./own_phone.ts";
import type { Receipt, Receipts } from "./receipt_saves.ts";
import { isOwn } from "./recipients.ts";

type Level = Receipt["level"];

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

/**
 * The stanzas themselves: Baileys' events merge delivered and read, and drop copies it cannot decrypt.
 *
 * Baileys acknowledges a receipt when it has dealt with it, and WhatsApp then forgets it: so Baileys gets it after
 * Python has kept it, in the order of arrival. What is not kept comes again after the next login.
 */
export function watchReceipts(
  connection: Connection,
  wire: Wire,
  receipts: Receipts,
  ledger: AckLedger,
): void {
  const keep = (receipt: Receipt): Promise<boolean> =>
    ledger.onceSaved(receipt.message_id, () => receipts.keep(receipt));
  let last = Promise.resolve();
  connection.holdStanza("receipt", (node, pass) => {
    const level = receiptLevel(node, (jid) => isOwn(connection.sock, jid));
    if (level === undefined) {
      pass();
      return;
    }
    const kept = Promise.all(idsIn(node).map((id) => keep(receiptOf(node, id, level))));
    const { sock } = connection;
    const ownPhoneAsks = level === "retry" && isOwnPhone(sock, node.attrs["from"] ?? "");
    last = last.then(async () => {
      if (!(await kept).every(Boolean)) return;
      if (ownPhoneAsks) void sendAgainToOwnPhone(sock, wire, node);
      else pass();
    });
  });
  connection.onStanza("message", (node) => {
    const { from, recipient, id } = node.attrs;
    if (!from || !recipient || !id) return;
    if (isOwn(connection.sock, from)) void keep(receiptOf(node, id, "copy"));
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

function receiptOf({ attrs }: BinaryNode, messageId: string, level: Level): Receipt {
  return { message_id: messageId, level, code: null, at: secondsToMoment(attrs["t"]) };
}
