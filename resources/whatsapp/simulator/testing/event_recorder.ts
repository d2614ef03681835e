// Records the events of a test and lets it wait for one with a time limit.
const PATIENCE_MS = 10_000;
const LONG_PATIENCE_MS = 20_000;
const BETWEEN_LOOKS_MS = 10;

/** Polls with a time limit, for changes that no event announces. */
export async function waitUntil(isSo: () => boolean | Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(LONG_PATIENCE_MS);
  while (!(await isSo())) {
    limit.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

export interface RecordedEvent {
  readonly name: string;
  readonly value: unknown;
}

type Waiter = (happening: RecordedEvent) => void;

export class EventRecorder {
  readonly #past: RecordedEvent[] = [];
  readonly #waiters = new Set<Waiter>();

  add(name: string, value: unknown): void {
    const happening = { name, value };
    this.#past.push(happening);
    for (const waiter of [...this.#waiters]) {
      waiter(happening);
    }
  }

  /** Returns whether an event of this name is recorded that no wait has taken. */
  has(name: string): boolean {
    return this.#past.some((happening) => happening.name === name);
  }

  /** Takes the first fitting event, past or to come, so that the next wait finds the next one. */
  async next<T>(name: string, fits: (value: T) => boolean = () => true): Promise<T> {
    const isIt = (happening: RecordedEvent): boolean => happening.name === name && fits(happening.value as T);
    const known = this.#past.findIndex(isIt);
    if (known >= 0) {
      return this.#past.splice(known, 1)[0]?.value as T;
    }
    await this.#wait(name, isIt);
    return this.next(name, fits);
  }

  #wait(name: string, isIt: (happening: RecordedEvent) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`${name} did not happen`));
      }, PATIENCE_MS);
      const waiter = (happening: RecordedEvent): void => {
        if (isIt(happening)) {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve();
        }
      };
      this.#waiters.add(waiter);
    });
  }
}
