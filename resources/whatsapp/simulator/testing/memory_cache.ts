// Cache of the devices of a test program's contacts, also across reconnects.
import type { CacheStore } from "baileys";

export class MemoryCache implements CacheStore {
  readonly #values = new Map<string, unknown>();

  readonly get: CacheStore["get"] = (key) => this.#values.get(key) as never;

  set(key: string, value: unknown): void {
    this.#values.set(key, value);
  }

  del(key: string): void {
    this.#values.delete(key);
  }

  flushAll(): void {
    this.#values.clear();
  }
}
