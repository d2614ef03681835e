// Reads the timestamps of WhatsApp's server and of the phones.

/** Returns Unix milliseconds; the current time when the server gave no readable timestamp. */
export function millisFromSeconds(seconds: unknown): number {
  const millis = Number(seconds) * 1000;
  return Number.isSafeInteger(millis) && millis > 0 ? millis : Date.now();
}

/** Largest difference from the server's clock at which a phone's milliseconds are believed. */
const MAX_CLOCK_SKEW_MS = 120_000;

/** Returns the phone's own timestamp where it is near the server's: two changes within a second stay in their order. */
export function preferPhoneTime(serverMs: number, phoneMs: number | undefined): number {
  return phoneMs !== undefined && Math.abs(phoneMs - serverMs) < MAX_CLOCK_SKEW_MS
    ? Math.trunc(phoneMs)
    : serverMs;
}
