// Reads WhatsApp's Unix seconds.

/** Unix milliseconds; now when the server gave no readable moment. */
export function secondsToMoment(seconds: unknown): number {
  const moment = Number(seconds) * 1000;
  return Number.isSafeInteger(moment) && moment > 0 ? moment : Date.now();
}
