// Emits WhatsApp's restrictions of the account: active, until when, and how many new chats are left.
import {
  NewChatMessageCappingStatusType,
  type NewChatMessageCapInfo,
  type ReachoutTimelockState,
} from "baileys";
import { log } from "../log.ts";
import type { Connection } from "./connection.ts";

export function watchRestrictions(connection: Connection): void {
  connection.on("connection.update", ({ connection: state, reachoutTimeLock }) => {
    if (reachoutTimeLock !== undefined) emitTimeLock(connection, reachoutTimeLock);
    // WhatsApp does not repeat a change that happened while the device was offline.
    if (state === "open") fetchRestrictions(connection);
  });
  connection.on("message-capping.update", (cap) => {
    emitCap(connection, cap);
  });
}

/** Asks WhatsApp how long the time lock lasts; the answer arrives as a `restriction`. */
export function fetchTimeLock(connection: Connection): void {
  connection.sock.fetchAccountReachoutTimelock().catch((error: unknown) => {
    log.warn({ error }, "time lock not known");
  });
}

function fetchRestrictions(connection: Connection): void {
  fetchTimeLock(connection);
  connection.sock.fetchNewChatMessageCap().then(
    (cap) => {
      emitCap(connection, cap);
    },
    (error: unknown) => {
      log.warn({ error }, "cap on new chats not known");
    },
  );
}

function emitTimeLock(connection: Connection, lock: ReachoutTimelockState): void {
  const active = lock.isActive === true;
  const until = active ? (lock.timeEnforcementEnds?.getTime() ?? null) : null;
  connection.emit("restriction", { kind: "time_lock", active, until, used: null, total: null });
}

/** Baileys passes on the server's fields unchecked: numbers may come as texts, and any field may be missing. */
function emitCap(connection: Connection, cap: NewChatMessageCapInfo | undefined): void {
  connection.emit("restriction", {
    kind: "new_chat_cap",
    active: cap?.capping_status === NewChatMessageCappingStatusType.CAPPED,
    until: cycleEnd(cap?.cycle_end_timestamp),
    used: parseCount(cap?.used_quota),
    total: parseCount(cap?.total_quota),
  });
}

function cycleEnd(seconds: unknown): number | null {
  const end = parseCount(seconds);
  return end === null || end === 0 || !Number.isSafeInteger(end * 1000) ? null : end * 1000;
}

function parseCount(value: unknown): number | null {
  const number = typeof value === "string" && value !== "" ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) && number >= 0 ? number : null;
}
