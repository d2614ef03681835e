// Tells Python which account ids belong to which numbers and usernames, in batches, until each is on disk.
import { log } from "../log.ts";
import type { Mapping } from "../protocol/host_requests.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Clock } from "../steady_clock.ts";

const MAX_BATCH = 50;
/** Mappings that wait for Python, and those that are remembered as told. */
const MAX_WAITING = 2000;
const MAX_REMEMBERED = 10_000;
const FIRST_PAUSE_MS = 1000;
const MAX_PAUSE_MS = 60_000;

export class MappingReporter {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #waiting: Mapping[] = [];
  readonly #toldByLid = new Map<string, Mapping>();
  readonly #lidByNumber = new Map<string, string>();
  #sending = false;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Forgets what was told: the next connection tells everything once more. */
  forget(): void {
    this.#toldByLid.clear();
    this.#lidByNumber.clear();
  }

  /** Reports a mapping that is new in this connection; the oldest ones are dropped while Python keeps none. */
  report(mapping: Mapping): void {
    if (mapping.number === null && mapping.username === null) return;
    if (!this.#isNews(mapping)) return;
    this.#remember(mapping);
    this.#waiting.push(mapping);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
    if (this.#sending) return;
    this.#sending = true;
    process.nextTick(() => void this.#send());
  }

  #isNews({ lid, number, username, live }: Mapping): boolean {
    const told = this.#toldByLid.get(lid);
    if (told === undefined) return true;
    if (number !== null && (told.number !== number || this.#lidByNumber.get(number) !== lid)) return true;
    return (username !== null && told.username !== username) || (live && !told.live);
  }

  #remember(mapping: Mapping): void {
    if (this.#toldByLid.size >= MAX_REMEMBERED) this.forget();
    const { lid, number } = mapping;
    const told = this.#toldByLid.get(lid);
    this.#toldByLid.set(lid, {
      ...mapping,
      number: number ?? told?.number ?? null,
      username: mapping.username ?? told?.username ?? null,
    });
    if (number !== null) this.#lidByNumber.set(number, lid);
  }

  async #send(): Promise<void> {
    let pause = FIRST_PAUSE_MS;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, MAX_BATCH);
      try {
        await this.#wire.request("mappings", { mappings: batch });
        pause = FIRST_PAUSE_MS;
      } catch (error) {
        log.warn({ error }, "account ids not kept");
        this.#waiting.unshift(...batch.slice(0, MAX_WAITING - this.#waiting.length));
        await new Promise<void>((resolve) => this.#clock.after(pause, resolve));
        pause = Math.min(pause * 2, MAX_PAUSE_MS);
      }
    }
    this.#sending = false;
  }
}
