// Sends one text under an id of ours and answers with the server's word on it.
import type { Params, RejectedKind, SendOutcome } from "../protocol/requests.ts";
import { Failure } from "../rpc/failure.ts";
import { log } from "../log.ts";
import type { Connection } from "../session/connection.ts";
import type { Clock } from "../steady_clock.ts";
import type { AckLedger } from "./ack_ledger.ts";
import { isRecipient, openSessions } from "./recipients.ts";
import { isConnectionClosed, refusalCode } from "./refusal.ts";
import { throughGate, type Outgoing } from "./wire_gate.ts";

export interface Sending {
  connection: Connection;
  ledger: AckLedger;
  clock: Clock;
  /** Resolves when every change of keys so far is on the wire. */
  keysWritten: () => Promise<void>;
  /** Resolves when Python has noted that this message is about to leave: to false where it must not. */
  noted: (messageId: string) => Promise<boolean>;
}

export async function sendText(sending: Sending, params: Params<"send_text">): Promise<SendOutcome> {
  const { ledger } = sending;
  if (ledger.isInFlight(params.message_id)) throw new Failure("invalid");
  const word = ledger.track(params.message_id, params.ack_timeout_ms);
  const saves: Promise<void>[] = [];
  const failed = (error: unknown): void => {
    notSent(ledger, params.message_id, error);
  };
  const sent = send(sending, params, saves).catch(failed);
  ledger.saving(
    params.message_id,
    sent.then(() => Promise.all(saves)).then(() => undefined, failed),
  );
  const outcome = await word;
  // Told only behind the ratchet, which Python writes down first: else a crash would send the next text unreadable.
  if (outcome.outcome === "accepted" || (outcome.outcome === "rejected" && outcome.written)) {
    await sent;
    await sending.keysWritten();
  }
  return outcome;
}

/** Resolves when Baileys is done with it: by then its ratchets are among the changes of keys. */
async function send(sending: Sending, params: Params<"send_text">, saves: Promise<void>[]): Promise<void> {
  const { connection, ledger, clock } = sending;
  const { jid, text, message_id: messageId, not_after: notAfter } = params;
  if (clock.now() >= notAfter) {
    ledger.notWritten(messageId, "too_late");
    return;
  }
  const readiness = await openSessions(connection, jid, clock);
  if (readiness !== "ready") {
    ledger.notWritten(messageId, readiness === "timeout" ? "transient" : "no_devices");
    return;
  }
  // From here on all is local: a crash before this note leaves the message unsent for certain, a later one in doubt.
  if (!params.noted && !(await isNoted(sending, messageId))) {
    ledger.notWritten(messageId, "not_connected");
    return;
  }
  await throughGate(gateFor(sending, params, saves), () =>
    connection.sock.sendMessage(jid, { text, linkPreview: null }, { messageId }),
  );
}

async function isNoted({ noted }: Sending, messageId: string): Promise<boolean> {
  try {
    return await noted(messageId);
  } catch (error) {
    log.warn({ error }, "message not noted, so not written");
    return false;
  }
}

/** Whatever is refused here throws inside Baileys' transaction: no byte leaves and the ratchet stays where it was. */
function gateFor(
  { connection, ledger, clock }: Sending,
  params: Params<"send_text">,
  saves: Promise<void>[],
): Outgoing {
  const { jid, message_id: messageId, not_after: notAfter } = params;
  let reachesRecipient = false;
  let passed = false;
  const refuse = (kind: RejectedKind): never => {
    ledger.notWritten(messageId, kind);
    throw new Failure("failure");
  };
  return {
    encryptedFor: (device) => {
      reachesRecipient ||= isRecipient(connection.sock, device, jid);
    },
    beforeWrite: () => {
      if (passed) return;
      if (!ledger.isInFlight(messageId)) refuse("not_connected");
      if (!reachesRecipient) refuse("no_devices");
      if (clock.now() >= notAfter) refuse("too_late");
      passed = true;
      ledger.written(messageId);
    },
    saving: (saved) => {
      // Whether or not the send comes as far as waiting for it.
      saved.catch(() => undefined);
      saves.push(saved);
    },
  };
}

function notSent(ledger: AckLedger, messageId: string, error: unknown): void {
  if (!ledger.isInFlight(messageId)) return;
  if (ledger.isWritten(messageId)) {
    log.warn({ error }, "message written but not finished");
    return;
  }
  const code = refusalCode(error);
  if (code === 429) ledger.notWritten(messageId, "rate_limited", code);
  else ledger.notWritten(messageId, isConnectionClosed(error) ? "not_connected" : "transient", code);
}
