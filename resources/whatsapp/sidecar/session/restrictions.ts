// Tells when WhatsApp restricts the account, until when, and how many new chats it still grants.
import {
  NewChatMessageCappingStatusType,
  type NewChatMessageCapInfo,
  type ReachoutTimelockState,
} from "baileys";
import { log } from "../log.ts";
import type { Connection } from "./connection.ts";

export function watchRestrictions(connection: Connection): void {
  connection.on("connection.update", ({ connection: state, reachoutTimeLock }) => {
    if (reachoutTimeLock !== undefined) tellTimeLock(connection, reachoutTimeLock);
    // What has changed while nobody was connected is told to nobody else.
    if (state === "open") askForRestrictions(connection);
  });
  connection.on("message-capping.update", (cap) => {
    tellCap(connection, cap);
  });
}

/** Asks WhatsApp how long the time lock lasts; the answer arrives as a `restriction`. */
export function askForTimeLock(connection: Connection): void {
  connection.sock.fetchAccountReachoutTimelock().catch((error: unknown) => {
    log.warn({ error }, "time lock not known");
  });
}

function askForRestrictions(connection: Connection): void {
  askForTimeLock(connection);
  connection.sock.fetchNewChatMessageCap().then(
    (cap) => {
      tellCap(connection, cap);
    },
    (error: unknown) => {
      log.warn({ error }, "cap on new chats not known");
    },
  );
}

function tellTimeLock(connection: Connection, lock: ReachoutTimelockState): void {
  const active = lock.isActive === true;
  const until = active ? (lock.timeEnforcementEnds?.getTime() ?? null) : null;
  connection.emit("restriction", { kind: "time_lock", active, until, used: null, total: null });
}

/** Baileys passes on what the server said as it was: numbers may come as texts, and any of it may be missing. */
function tellCap(connection: Connection, cap: NewChatMessageCapInfo | undefined): void {
  connection.emit("restriction", {
    kind: "new_chat_cap",
    active: cap?.capping_status === NewChatMessageCappingStatusType.CAPPED,
    until: cycleEnd(cap?.cycle_end_timestamp),
    used: count(cap?.used_quota),
    total: count(cap?.total_quota),
  });
}

function cycleEnd(seconds: unknown): number | null {
  const end = count(seconds);
  return end === null || end === 0 || !Number.isSafeInteger(end * 1000) ? null : end * 1000;
}

function count(said: unknown): number | null {
  const number = typeof said === "string" && said !== "" ? Number(said) : said;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}
