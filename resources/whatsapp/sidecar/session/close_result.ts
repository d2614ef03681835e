// Classifies a close: WhatsApp's code, the cause in the network or this PC, the end of a temporary ban.
import { networkInterfaces } from "node:os";
import { isRecord } from "../protocol/shapes.ts";
import type { CloseCause } from "../protocol/events.ts";
import type { CloseResult } from "./connection.ts";

export const UNAVAILABLE = 503;
const TEMPORARY_BAN = 402;
const TOO_MANY_REQUESTS = 429;
const HANDSHAKE_TIMEOUT = "Opening handshake has timed out";

const CAUSES = new Map<string, CloseCause>([
  ["ENETUNREACH", "no_internet"],
  ["ENETDOWN", "no_internet"],
  ["EHOSTUNREACH", "no_internet"],
  ["EHOSTDOWN", "no_internet"],
  ["EADDRNOTAVAIL", "no_internet"],
  ["ETIMEDOUT", "no_internet"],
  ["ENOTFOUND", "name_resolution"],
  ["EAI_AGAIN", "name_resolution"],
  ["EAI_FAIL", "name_resolution"],
  ["EAI_NODATA", "name_resolution"],
  ["EAI_NONAME", "name_resolution"],
  ["ECONNREFUSED", "refused"],
  ["ECONNRESET", "refused"],
  ["EACCES", "refused"],
  ["EPERM", "refused"],
  // The answer is not TLS, as a hotel's log-in page or a filter gives it.
  ["EPROTO", "refused"],
  ["CERT_NOT_YET_VALID", "clock"],
  ["CERT_HAS_EXPIRED", "clock"],
]);
const CERTIFICATE = /CERT|ISSUER|LEAF_SIGNATURE|INVALID_CA|HOSTNAME_MISMATCH|PATH_LENGTH|INVALID_PURPOSE/;

/** Returns whether no network has given this PC an address, as with an unplugged cable. */
export function isOffline(interfaces = networkInterfaces()): boolean {
  const addresses = Object.values(interfaces).flatMap((each) => each ?? []);
  // A PC gives itself the addresses of a link where no router gives it one.
  return addresses.every(
    ({ address, internal, scopeid }) => internal || Boolean(scopeid) || address.startsWith("169.254."),
  );
}

/** Reads the error with which Baileys closed; `offline` tells a missing network from names that do not resolve. */
export function closeResult(error: Error | undefined, offline = isOffline): CloseResult {
  const { output, data } = (error ?? {}) as { output?: { statusCode?: unknown }; data?: unknown };
  const code = typeof output?.statusCode === "number" ? output.statusCode : null;
  return {
    code,
    cause: causeOf(code, data, offline),
    expires_in_s: code === TEMPORARY_BAN ? banEnd(data) : null,
  };
}

/** Reads an HTTP status in place of a web socket; any proxy on the way may have given it. */
export function upgradeCause(status: number | undefined): CloseCause {
  const down = status === undefined || status >= 500 || status === TOO_MANY_REQUESTS;
  return down ? "service_down" : "refused";
}

function causeOf(code: number | null, data: unknown, offline: () => boolean): CloseCause | null {
  if (data instanceof Error) return networkCause(data, offline);
  // A stream error that Baileys cannot read has the code 500 too, and says nothing of the service.
  const unavailable = code === UNAVAILABLE || (code === 500 && isRecord(data) && "reason" in data);
  return unavailable ? "service_down" : null;
}

/** Reads the error of a socket, before or after its web socket opened. */
export function networkCause(error: Error, offline = isOffline): CloseCause | null {
  const { code } = error as { code?: unknown };
  if (typeof code !== "string") return error.message === HANDSHAKE_TIMEOUT ? "no_internet" : null;
  const cause = CAUSES.get(code) ?? (CERTIFICATE.test(code) ? "certificate" : null);
  // Without any network a name does not resolve either.
  return cause === "name_resolution" && offline() ? "no_internet" : cause;
}

function banEnd(data: unknown): number | null {
  const expire = isRecord(data) ? data["expire"] : undefined;
  const seconds = typeof expire === "string" && /^\d{1,15}$/.test(expire) ? Number(expire) : null;
  return seconds === 0 ? null : seconds;
}
