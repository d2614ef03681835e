// Sends one text under an id chosen by Python and resolves to the server's answer.
import { generateWAMessage, type BinaryNode, type WASocket } from "baileys";
import type { Params, RejectedKind, SendOutcome } from "../protocol/requests.ts";
import { Failure } from "../rpc/failure.ts";
import { log } from "../log.ts";
import type { Connection } from "../session/connection.ts";
import type { Clock } from "../steady_clock.ts";
import type { AckTracker, Attempt } from "./ack_tracker.ts";
import { isRecipient, openSessions } from "./recipients.ts";
import { isConnectionClosed, serverErrorCode } from "./query_error.ts";
import { runWithGate, type SendGate } from "./send_gate.ts";

export interface SendDependencies {
  connection: Connection;
  tracker: AckTracker;
  clock: Clock;
  /** Resolves when every change of keys so far is on the wire. */
  keysWritten: () => Promise<void>;
  /** Resolves when Python has noted that this message is about to leave; to false where it must not leave. */
  noteWrite: (messageId: string) => Promise<boolean>;
}

export async function sendText(sending: SendDependencies, params: Params<"send_text">): Promise<SendOutcome> {
  const { tracker } = sending;
  if (tracker.isInFlight(params.message_id)) throw new Failure("invalid");
  const attempt = tracker.track(params.message_id, params.not_after, params.ack_timeout_ms);
  const keySaves: Promise<void>[] = [];
  const settleFailure = (error: unknown): void => {
    settleFailedSend(tracker, attempt, params.message_id, error);
  };
  const sent = send(sending, params, attempt, keySaves).catch(settleFailure);
  tracker.trackKeySave(
    params.message_id,
    sent.then(() => Promise.all(keySaves)).then(() => undefined, settleFailure),
  );
  const outcome = await attempt.outcome;
  // Reported only after the ratchet, which Python writes down first: else a crash would send the next text unreadable.
  if (outcome.outcome === "accepted" || (outcome.outcome === "rejected" && outcome.written)) {
    await sent;
    await sending.keysWritten();
  }
  return outcome;
}

/** Resolves when Baileys is done with the message: by then its ratchets are among the changes of keys. */
async function send(
  sending: SendDependencies,
  params: Params<"send_text">,
  attempt: Attempt,
  keySaves: Promise<void>[],
): Promise<void> {
  const { connection, tracker, clock } = sending;
  const { jid, message_id: messageId, not_after: notAfter } = params;
  if (clock.now() >= notAfter) {
    tracker.rejectUnwritten(messageId, "too_late");
    return;
  }
  const readiness = await openSessions(connection, jid, clock);
  if (attempt.isOver()) return;
  if (readiness !== "ready") {
    tracker.rejectUnwritten(messageId, readiness === "timeout" ? "transient" : "no_devices");
    return;
  }
  // From here on all is local: a crash before this note leaves the message unsent for certain, a later one in doubt.
  if (!params.noted && !(await isWriteNoted(sending, messageId))) {
    tracker.rejectUnwritten(messageId, "not_connected");
    return;
  }
  if (attempt.isOver()) return;
  const gate = makeGate(sending, params, attempt, keySaves);
  await runWithGate(gate, () => relayText(connection.sock, params, gate.additionalNodes));
}

/** Does what `sendMessage` does for a text, which would not pass the additional nodes on. */
async function relayText(
  sock: WASocket,
  { jid, text, message_id: messageId, expiration_s: ephemeralExpiration }: Params<"send_text">,
  additionalNodes: BinaryNode[],
): Promise<void> {
  const userJid = sock.authState.creds.me?.id ?? "";
  const options = { messageId, userJid, upload: sock.waUploadToServer, ephemeralExpiration };
  // Without `linkPreview: null` Baileys would fetch the pages that a text links to.
  const { message } = await generateWAMessage(jid, { text, linkPreview: null }, options);
  if (!message) throw new Failure("failure");
  await sock.relayMessage(jid, message, { messageId, additionalNodes });
}

async function isWriteNoted({ noteWrite }: SendDependencies, messageId: string): Promise<boolean> {
  try {
    return await noteWrite(messageId);
  } catch (error) {
    log.warn({ error }, "message not noted, so not written");
    return false;
  }
}

/** A refusal here throws inside Baileys' transaction: no byte leaves and the ratchet stays where it was. */
function makeGate(
  { connection, tracker, clock }: SendDependencies,
  params: Params<"send_text">,
  attempt: Attempt,
  keySaves: Promise<void>[],
): SendGate {
  const { jid, message_id: messageId, not_after: notAfter } = params;
  let reachesRecipient = false;
  let passed = false;
  const refuse = (kind: RejectedKind): never => {
    tracker.rejectUnwritten(messageId, kind);
    throw new Failure("failure");
  };
  return {
    additionalNodes: [],
    onEncrypted: (device) => {
      reachesRecipient ||= isRecipient(connection.sock, device, jid);
    },
    beforeWrite: () => {
      if (passed) return;
      // Also where another attempt under this id has begun meanwhile.
      if (attempt.isOver()) throw new Failure("not_connected");
      if (!reachesRecipient) refuse("no_devices");
      if (clock.now() >= notAfter) refuse("too_late");
      passed = true;
      tracker.markWritten(messageId);
    },
    onKeySave: (saved) => {
      // Also where the send never comes as far as waiting for it.
      saved.catch(() => undefined);
      keySaves.push(saved);
    },
  };
}

function settleFailedSend(tracker: AckTracker, attempt: Attempt, messageId: string, error: unknown): void {
  if (attempt.isOver()) return;
  if (tracker.isWritten(messageId)) {
    log.warn({ error }, "message written but not finished");
    return;
  }
  const code = serverErrorCode(error);
  if (code === 429) tracker.rejectUnwritten(messageId, "rate_limited", code);
  else tracker.rejectUnwritten(messageId, isConnectionClosed(error) ? "not_connected" : "transient", code);
}
