// Caches each account's device list for hours.
import type { CacheStore } from "baileys";

const TTL_MS = 12 * 60 * 60 * 1000;

/**
 * Baileys' own cache expires after five minutes, and every miss makes a new Signal session with the customer and with
 * the shop's phone. WhatsApp's notices of changed devices still reach this one, a customer's through Baileys, the
 * shop's through `account_sync`.
 */
export class DeviceCache implements CacheStore {
  readonly #entries = new Map<string, { value: unknown; until: number }>();
  /** Deleted since the last miss: a query that was under way by then brings the list of before. */
  readonly #outdated = new Set<string>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- Baileys' interface wants it
  get<T>(key: string): T | undefined {
    const entry = this.#entries.get(key);
    if (entry !== undefined && entry.until > this.#now()) return entry.value as T;
    this.#entries.delete(key);
    this.#outdated.delete(key);
    return undefined;
  }

  set(key: string, value: unknown): void {
    if (!this.#outdated.has(key)) this.#entries.set(key, { value, until: this.#now() + TTL_MS });
  }

  del(key: string): void {
    this.#entries.delete(key);
    this.#outdated.add(key);
  }

  flushAll(): void {
    this.#entries.clear();
    this.#outdated.clear();
  }
}
