// Sends one text under an id chosen by Python and resolves to the server's answer.
import { generateWAMessage, type BinaryNode, type WASocket } from "baileys";
import type { Params, RejectedKind, SendOutcome } from "../protocol/requests.ts";
import { Failure } from "../rpc/failure.ts";
import { log } from "../log.ts";
import type { Connection } from "../session/connection.ts";
import { KeyTooLongError } from "../session/key_write_queue.ts";
import type { Clock } from "../steady_clock.ts";
import type { AckTracker, Attempt } from "./ack_tracker.ts";
import { isRecipient, openSessions } from "./recipients.ts";
import { isConnectionClosed, serverErrorCode } from "./query_error.ts";
import { refreshSession } from "./refresh_session.ts";
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

/** The ratchets of one message on their way to the disk. */
interface MessageKeys {
  readonly saves: Promise<void>[];
  /** True where one of them is too long for the wire, and never will be on the disk. */
  lost: boolean;
}

export async function sendText(sending: SendDependencies, params: Params<"send_text">): Promise<SendOutcome> {
  const { tracker } = sending;
  if (tracker.isInFlight(params.message_id)) throw new Failure("invalid");
  const attempt = tracker.track(params.message_id, params.not_after, params.ack_timeout_ms);
  const keys: MessageKeys = { saves: [], lost: false };
  const settleFailure = (error: unknown): void => {
    settleFailedSend(tracker, attempt, params.message_id, error);
  };
  const sent = send(sending, params, attempt, keys).catch(settleFailure);
  tracker.trackKeySave(
    params.message_id,
    sent.then(() => Promise.all(keys.saves)).then(() => undefined, settleFailure),
  );
  const outcome = await attempt.outcome;
  // Reported only after the ratchet, which Python writes down first: else a crash would send the next text unreadable.
  if (outcome.outcome === "accepted" || (outcome.outcome === "rejected" && outcome.written)) {
    await sent;
    await sending.keysWritten();
    if (keys.lost) {
      // Baileys would go on from the session that it has in memory.
      refreshSession(sending.connection, [params.jid]).catch((error: unknown) => {
        log.warn({ error }, "session not refreshed");
      });
      return { outcome: "in_doubt", reason: "keys_not_kept" };
    }
  }
  return outcome;
}

/** Resolves when Baileys is done with the message: by then its ratchets are among the changes of keys. */
async function send(
  sending: SendDependencies,
  params: Params<"send_text">,
  attempt: Attempt,
  keys: MessageKeys,
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
  const gate = makeGate(sending, params, attempt, keys);
  await runWithGate(gate, () => relayText(connection.sock, params, gate.additionalNodes));
}

/** Does the same as `sendMessage` for a text, which would not pass the additional nodes on. */
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
  keys: MessageKeys,
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
      const kept = saved.catch(async (error: unknown) => {
        if (!(error instanceof KeyTooLongError)) throw error;
        keys.lost = true;
        await error.others;
      });
      // Also where the send never comes as far as waiting for it.
      kept.catch(() => undefined);
      keys.saves.push(kept);
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
