// Tells when WhatsApp restricts the account, and until when.
import {
  NewChatMessageCappingStatusType,
  type NewChatMessageCapInfo,
  type ReachoutTimelockState,
} from "baileys";
import { log } from "../log.ts";
import type { Connection } from "./connection.ts";

export function watchRestrictions(connection: Connection): void {
  connection.on("connection.update", ({ reachoutTimeLock }) => {
    if (reachoutTimeLock === undefined) return;
    connection.tell("restriction", { kind: "time_lock", until: timeLockEnd(reachoutTimeLock) });
  });
  connection.on("message-capping.update", (cap) => {
    if (cap.capping_status !== NewChatMessageCappingStatusType.CAPPED) return;
    connection.tell("restriction", { kind: "new_chat_cap", until: cycleEnd(cap) });
  });
}

/** Asks WhatsApp how long the time lock lasts; the answer arrives as a `restriction`. */
export function askForTimeLock(connection: Connection): void {
  connection.sock.fetchAccountReachoutTimelock().catch((error: unknown) => {
    log.warn({ error }, "time lock not known");
  });
}

/** An end that is not in the future says that the lock is lifted. */
function timeLockEnd({ isActive, timeEnforcementEnds }: ReachoutTimelockState): number | null {
  if (isActive !== true) return Date.now();
  return timeEnforcementEnds?.getTime() ?? null;
}

function cycleEnd({ cycle_end_timestamp: seconds }: NewChatMessageCapInfo): number | null {
  const end = Number(seconds) * 1000;
  return Number.isSafeInteger(end) && end > 0 ? end : null;
}
