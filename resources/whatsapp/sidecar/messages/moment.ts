// Reads the moments that WhatsApp's server and the phones give.

/** Unix milliseconds; now when the server gave no readable moment. */
export function secondsToMoment(seconds: unknown): number {
  const moment = Number(seconds) * 1000;
  return Number.isSafeInteger(moment) && moment > 0 ? moment : Date.now();
}

/** As far as a phone's clock may be from the server's for its milliseconds to be believed. */
const BELIEVED_MS = 120_000;

/** The phone's own moment where it is near the server's: two changes within a second stay in their order. */
export function finer(moment: number, own: number | undefined): number {
  return own !== undefined && Math.abs(own - moment) < BELIEVED_MS ? Math.trunc(own) : moment;
}
