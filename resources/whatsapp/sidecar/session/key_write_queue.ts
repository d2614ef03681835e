// Queue of key writes to Python: one request at a time, later changes go together in the next.
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Clock } from "../steady_clock.ts";
import { MAX_BATCH_BYTES, merged, partsOf, sizeOf, withoutOversized, type KeyTexts } from "./key_batches.ts";

const MAX_ATTEMPTS = 5;
const RETRY_PAUSE_MS = 200;

/** The error of a save with a value that no line of the wire can hold. */
export class KeyTooLongError extends Error {
  override readonly name = "KeyTooLongError";
  /** Resolves when all the other values of the save are on disk. */
  readonly others: Promise<void>;

  constructor(others: Promise<void>) {
    super("a key is too long for the wire");
    this.others = others;
  }
}

interface Save {
  changes: KeyTexts;
  size: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** A failed write is not lost: it stays queued, under newer values, and goes with the next one. */
export class KeyWriteQueue {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #saves: Save[] = [];
  /** Changes that Python has refused for good, and those under way. */
  #unkept: KeyTexts = {};
  #inFlight: KeyTexts = {};
  /** True from a refusal until Python has kept all changes again. */
  #refused = false;
  readonly #writtenListeners: (() => void)[] = [];
  #running: Promise<void> | null = null;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Resolves when the changes are on disk; rejects at once with KeyTooLongError where one of them never can be. */
  async save(changes: KeyTexts): Promise<void> {
    const kept = withoutOversized(changes);
    const saved = this.#enqueue(kept);
    if (kept === changes) return saved;
    saved.catch(() => undefined);
    log.error({}, `key too long for the wire, among ${Object.keys(changes).join(", ")}`);
    throw new KeyTooLongError(saved);
  }

  #enqueue(changes: KeyTexts): Promise<void> {
    const size = sizeOf(changes);
    const saved = new Promise<void>((resolve, reject) =>
      this.#saves.push({ changes, size, resolve, reject }),
    );
    this.#running ??= this.#run();
    return saved;
  }

  /** Returns the text on its way to the disk, null where it is to be deleted, undefined where the disk is current. */
  pending(type: string, id: string): string | null | undefined {
    const queued = this.#saves.map(({ changes }) => changes).reverse();
    for (const changes of [...queued, this.#inFlight, this.#unkept]) {
      const text = changes[type]?.[id];
      if (text !== undefined) return text;
    }
    return undefined;
  }

  /** Resolves when all changes so far are on the wire and not refused: the next message on the wire follows them. */
  async written(): Promise<void> {
    if (this.#saves.length > 0 || this.#refused)
      await new Promise<void>((resolve) => this.#writtenListeners.push(resolve));
  }

  /** Resolves when no write is in flight. */
  async settled(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#saves.length > 0) {
      const batch = this.#takeBatch();
      this.#inFlight = batch.reduce((all, { changes }) => merged(all, changes), this.#unkept);
      this.#unkept = {};
      try {
        await this.#write(partsOf(this.#inFlight));
        this.#inFlight = {};
        for (const { resolve } of batch) resolve();
      } catch (error) {
        this.#unkept = this.#inFlight;
        this.#inFlight = {};
        for (const { reject } of batch) reject(error);
      }
    }
    this.#running = null;
    this.#resolveWritten();
  }

  /** Takes as many saves as fit a line, at least one: each stays in one transaction of Python, unless it is too long. */
  #takeBatch(): Save[] {
    let room = MAX_BATCH_BYTES - sizeOf(this.#unkept);
    let count = 0;
    for (const { size } of this.#saves) {
      room -= size;
      if (room < 0 && count > 0) break;
      count += 1;
    }
    return this.#saves.splice(0, count);
  }

  #resolveWritten(): void {
    if (this.#saves.length > 0 || this.#refused) return;
    for (const resolve of this.#writtenListeners.splice(0)) resolve();
  }

  async #write(parts: KeyTexts[]): Promise<void> {
    for (const [at, changes] of parts.entries()) {
      const writing = this.#writePart(changes);
      if (at === parts.length - 1) this.#resolveWritten();
      await writing;
    }
    this.#refused = false;
  }

  async #writePart(changes: KeyTexts): Promise<void> {
    for (let left = MAX_ATTEMPTS - 1; ; left -= 1) {
      try {
        await this.#wire.request("keys.set", { changes });
        return;
      } catch (error) {
        this.#refused = true;
        if (left === 0) throw error;
      }
      await new Promise<void>((resolve) => {
        this.#clock.after(RETRY_PAUSE_MS, resolve);
      });
    }
  }
}
