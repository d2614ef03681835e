// Asks Python to store the facts read from a message, with backoff from 1 s to 1 min, until it is on disk.
import { log } from "../log.ts";
import type { HostRequests } from "../protocol/host_requests.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Clock } from "../steady_clock.ts";

type Recorded = "inbound" | "chat_timers" | "history_notice";

const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;

/** Resolves once Python has stored it, never when Python is gone; never rejects. */
export async function recordUntilKept<Q extends Recorded>(
  wire: Wire,
  clock: Clock,
  method: Q,
  params: HostRequests[Q],
): Promise<void> {
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      await wire.request(method, params);
      return;
    } catch (error) {
      log.warn({ error }, `${method} not kept`);
    }
    await delay(clock, pause);
  }
}

/** Resolves when the message is recorded or the time has passed, whichever is first. */
export async function withTimeout(
  clock: Clock,
  milliseconds: number,
  recorded: Promise<unknown>,
): Promise<void> {
  await Promise.race([recorded, delay(clock, milliseconds)]);
}

function delay(clock: Clock, milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    clock.after(milliseconds, resolve);
  });
}
