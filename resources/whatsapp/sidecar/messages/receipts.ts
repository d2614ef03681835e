// Hands phones' receipts to Python, and lets Baileys acknowledge one only when it is on disk.
import { getBinaryNodeChildren, type BinaryNode } from "baileys";
import type { Wire } from "../protocol/wire.ts";
import type { Connection } from "../session/connection.ts";
import type { AckTracker } from "./ack_tracker.ts";
import { millisFromSeconds } from "./timestamps.ts";
import { isOwnPhone, resendToOwnPhone } from "./own_phone_retry.ts";
import type { Receipt, ReceiptRecorder } from "./receipt_batcher.ts";
import { isOwn } from "./recipients.ts";
import { isPerson } from "./sender.ts";

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
 * Listens to the raw stanzas: Baileys' events merge delivered and read, and drop copies it cannot decrypt.
 *
 * Baileys acknowledges a receipt when it has handled it, and WhatsApp then forgets it: so Baileys gets it after Python
 * has stored it, in the order of arrival. A receipt that is not stored comes again after the next login.
 */
export function watchReceipts(
  connection: Connection,
  wire: Wire,
  receipts: ReceiptRecorder,
  tracker: AckTracker,
): void {
  const record = (receipt: Receipt): Promise<boolean> =>
    tracker.afterKeySave(receipt.message_id, () => receipts.record(receipt));
  let last = Promise.resolve();
  connection.interceptStanza("receipt", (node, pass) => {
    const level = receiptLevel(node, (jid) => isOwn(connection.sock, jid));
    if (level === undefined) {
      pass();
      return;
    }
    const stored = Promise.all(messageIdsIn(node).map((id) => record(makeReceipt(node, id, level))));
    const { sock } = connection;
    const isOwnPhoneRetry = level === "retry" && isOwnPhone(sock, node.attrs["from"] ?? "");
    last = last.then(async () => {
      if (!(await stored).every(Boolean)) return;
      if (isOwnPhoneRetry) void resendToOwnPhone(sock, wire, node);
      else pass();
    });
  });
  connection.onStanza("message", (node) => {
    const { from, recipient, id } = node.attrs;
    if (!from || !recipient || !id) return;
    if (isOwn(connection.sock, from)) void record(makeReceipt(node, id, "copy"));
  });
}

export function receiptLevel({ attrs }: BinaryNode, own: (jid: string) => boolean): Level | undefined {
  const sender = attrs["participant"] ?? attrs["from"] ?? "";
  if (!isPerson(attrs["from"])) return undefined;
  return (own(sender) ? FROM_OWN_DEVICE : FROM_CUSTOMER).get(attrs["type"]);
}

export function messageIdsIn(node: BinaryNode): string[] {
  const lists = getBinaryNodeChildren(node, "list");
  const items = lists.flatMap((list) => getBinaryNodeChildren(list, "item"));
  return [node, ...items].flatMap(({ attrs }) => attrs["id"] ?? []);
}

function makeReceipt({ attrs }: BinaryNode, messageId: string, level: Level): Receipt {
  return { message_id: messageId, level, code: null, at: millisFromSeconds(attrs["t"]) };
}
