// Tracks messages that waited at WhatsApp while the sidecar was offline, until each is recorded.
import type { BinaryNode } from "baileys";
import { isPerson } from "./sender.ts";

export class OfflineMessageTracker {
  readonly #ids = new Set<string>();
  readonly #waiters: (() => void)[] = [];

  add({ attrs }: BinaryNode): void {
    const { id, from, offline } = attrs;
    if (id && offline !== undefined && isPerson(from)) this.#ids.add(id);
  }

  /** Marks a message as recorded by Python, or as one that Python is not told of. */
  settle(id: string): void {
    this.#ids.delete(id);
    if (this.#ids.size === 0) for (const call of this.#waiters.splice(0)) call();
  }

  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ids.size === 0) resolve();
      else this.#waiters.push(resolve);
    });
  }
}
