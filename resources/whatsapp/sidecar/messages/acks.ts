// Listens for the server's acknowledgements, the only sign that a message was accepted.
import type { BinaryNode } from "baileys";
import type { Connection } from "../session/connection.ts";
import { fetchTimeLock } from "../session/restrictions.ts";
import type { Clock } from "../steady_clock.ts";
import { AckTracker, type Ack } from "./ack_tracker.ts";
import { millisFromSeconds } from "./timestamps.ts";
import type { ReceiptRecorder } from "./receipt_batcher.ts";

const RESTRICTED = 463;

export function watchAcks(connection: Connection, receipts: ReceiptRecorder, clock: Clock): AckTracker {
  const tracker = new AckTracker(clock, ({ messageId, refused, code, at }) => {
    const level = refused ? "rejected" : "accepted";
    void tracker.afterKeySave(messageId, () => receipts.record({ message_id: messageId, level, code, at }));
  });
  connection.onStanza("ack,class:message", (node) => {
    const ack = readAck(node);
    if (ack.code === RESTRICTED) fetchTimeLock(connection);
    tracker.settleByAck(ack);
  });
  connection.onFinished(() => {
    tracker.settleOnClose();
  });
  return tracker;
}

export function readAck({ attrs }: BinaryNode): Ack {
  const refused = attrs["error"] !== undefined;
  const code = Number(attrs["error"]);
  return {
    messageId: attrs["id"] ?? "",
    refused,
    code: refused && Number.isSafeInteger(code) ? code : null,
    at: millisFromSeconds(attrs["t"]),
  };
}
