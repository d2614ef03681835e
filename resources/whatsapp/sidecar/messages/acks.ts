// Hears the server's acknowledgements, which are the only sign that a message was accepted.
import type { BinaryNode } from "baileys";
import type { Connection } from "../session/connection.ts";
import { askForTimeLock } from "../session/restrictions.ts";
import type { Clock } from "../steady_clock.ts";
import { AckLedger, type Ack } from "./ack_ledger.ts";
import { secondsToMoment } from "./moment.ts";
import type { Receipts } from "./receipt_saves.ts";

const RESTRICTED = 463;

export function watchAcks(connection: Connection, receipts: Receipts, clock: Clock): AckLedger {
  const ledger = new AckLedger(clock, ({ messageId, refused, code, at }) => {
    const level = refused ? "rejected" : "accepted";
    void ledger.onceSaved(messageId, () => receipts.keep({ message_id: messageId, level, code, at }));
  });
  connection.onStanza("ack,class:message", (node) => {
    const ack = readAck(node);
    if (ack.code === RESTRICTED) askForTimeLock(connection);
    ledger.acked(ack);
  });
  connection.onFinished(() => {
    ledger.socketClosed();
  });
  return ledger;
}

export function readAck({ attrs }: BinaryNode): Ack {
  const refused = attrs["error"] !== undefined;
  const code = Number(attrs["error"]);
  return {
    messageId: attrs["id"] ?? "",
    refused,
    code: refused && Number.isSafeInteger(code) ? code : null,
    at: secondsToMoment(attrs["t"]),
  };
}
