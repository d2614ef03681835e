// Cache of the devices of a test program's contacts, also across reconnects.
import type { CacheStore } from "baileys";

export class MemoryCache implements CacheStore {
  readonly #kept = new Map<string, unknown>();

  readonly get: CacheStore["get"] = (key) => this.#kept.get(key) as never;

  set(key: string, value: unknown): void {
    this.#kept.set(key, value);
  }

  del(key: string): void {
    this.#kept.delete(key);
  }

  flushAll(): void {
    this.#kept.clear();
  }
}
