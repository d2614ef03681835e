// Queue of key writes to Python: one request at a time, later changes go together in the next.
import type { Wire } from "../protocol/wire.ts";
import type { Clock } from "../steady_clock.ts";

export type KeyTexts = Record<string, Record<string, string | null>>;

const MAX_ATTEMPTS = 5;
const RETRY_PAUSE_MS = 200;

interface Waiter {
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A failed write is not lost: it stays queued, under newer values, and goes with the next one. */
export class KeyWriteQueue {
  readonly #wire: Wire;
  readonly #clock: Clock;
  #queued: KeyTexts = {};
  #inFlight: KeyTexts = {};
  #waiters: Waiter[] = [];
  #refused = false;
  readonly #writtenListeners: (() => void)[] = [];
  #running: Promise<void> | null = null;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Resolves when the changes are on disk. */
  save(changes: KeyTexts): Promise<void> {
    this.#queued = merged(this.#queued, changes);
    const saved = new Promise<void>((resolve, reject) => this.#waiters.push({ resolve, reject }));
    this.#running ??= this.#run();
    return saved;
  }

  /** Returns the text on its way to the disk, null where it is to be deleted, undefined where the disk is current. */
  pending(type: string, id: string): string | null | undefined {
    for (const changes of [this.#queued, this.#inFlight]) {
      const text = changes[type]?.[id];
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** Resolves when all changes so far are on the wire and not refused: the next message on the wire follows them. */
  async written(): Promise<void> {
    if (this.#waiters.length > 0 || this.#refused)
      await new Promise<void>((resolve) => this.#writtenListeners.push(resolve));
  }

  /** Resolves when no write is in flight. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiters.length > 0) {
      const waiters = this.#waiters.splice(0);
      this.#inFlight = this.#queued;
      this.#queued = {};
      const writing = this.#write();
      this.#resolveWritten();
      try {
        await writing;
        this.#inFlight = {};
        for (const { resolve } of waiters) resolve();
      } catch (error) {
        this.#queued = merged(this.#inFlight, this.#queued);
        this.#inFlight = {};
        for (const { reject } of waiters) reject(error);
      }
    }
    this.#running = null;
    this.#resolveWritten();
  }

  #resolveWritten(): void {
    for (const resolve of this.#writtenListeners.splice(0)) resolve();
  }

  async #write(): Promise<void> {
    for (let left = MAX_ATTEMPTS - 1; ; left -= 1) {
      try {
        await this.#wire.request("keys.set", { changes: this.#inFlight });
        this.#refused = false;
        return;
      } catch (error) {
        this.#refused = left > 0;
        if (left === 0) throw error;
      }
      await new Promise<void>((resolve) => {
        this.#clock.after(RETRY_PAUSE_MS, resolve);
      });
    }
  }
}

function merged(older: KeyTexts, newer: KeyTexts): KeyTexts {
  const all = { ...older };
  for (const [type, values] of Object.entries(newer)) all[type] = { ...all[type], ...values };
  return all;
}
