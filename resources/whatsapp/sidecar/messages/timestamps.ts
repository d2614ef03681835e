// Reads the moments that WhatsApp's server and the phones give.

/** Unix milliseconds; now when the server gave no readable moment. */
export function millisFromSeconds(seconds: unknown): number {
  const millis = Number(seconds) * 1000;
  return Number.isSafeInteger(millis) && millis > 0 ? millis : Date.now();
}

/** As far as a phone's clock may be from the server's for its milliseconds to be believed. */
const MAX_CLOCK_SKEW_MS = 120_000;

/** The phone's own moment where it is near the server's: two changes within a second stay in their order. */
export function preferPhoneTime(serverMs: number, phoneMs: number | undefined): number {
  return phoneMs !== undefined && Math.abs(phoneMs - serverMs) < MAX_CLOCK_SKEW_MS
    ? Math.trunc(phoneMs)
    : serverMs;
}
