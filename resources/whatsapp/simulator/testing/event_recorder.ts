// Records the events of a test and lets it wait for one with a time limit.
const EVENT_TIMEOUT_MS = 10_000;
const POLL_TIMEOUT_MS = 20_000;
const POLL_INTERVAL_MS = 10;

/** Polls with a time limit, for changes that no event announces. */
export async function waitUntil(condition: () => boolean | Promise<boolean>): Promise<void> {
  const limit = AbortSignal.timeout(POLL_TIMEOUT_MS);
  while (!(await condition())) {
    limit.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, POLL_INTERVAL_MS));
  }
}

export interface RecordedEvent {
  readonly name: string;
  readonly value: unknown;
}

type Waiter = (event: RecordedEvent) => void;

export class EventRecorder {
  readonly #events: RecordedEvent[] = [];
  readonly #waiters = new Set<Waiter>();

  add(name: string, value: unknown): void {
    const event = { name, value };
    this.#events.push(event);
    for (const waiter of [...this.#waiters]) {
      waiter(event);
    }
  }

  /** Returns whether an event of this name is recorded that no wait has taken. */
  has(name: string): boolean {
    return this.#events.some((event) => event.name === name);
  }

  /** Takes the first fitting event, past or to come, so that the next wait finds the next one. */
  async next<T>(name: string, matches: (value: T) => boolean = () => true): Promise<T> {
    const matchesEvent = (event: RecordedEvent): boolean => event.name === name && matches(event.value as T);
    const known = this.#events.findIndex(matchesEvent);
    if (known >= 0) {
      return this.#events.splice(known, 1)[0]?.value as T;
    }
    await this.#wait(name, matchesEvent);
    return this.next(name, matches);
  }

  #wait(name: string, matchesEvent: (event: RecordedEvent) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiters.delete(waiter);
        reject(new Error(`${name} did not happen`));
      }, EVENT_TIMEOUT_MS);
      const waiter = (event: RecordedEvent): void => {
        if (matchesEvent(event)) {
          clearTimeout(timer);
          this.#waiters.delete(waiter);
          resolve();
        }
      };
      this.#waiters.add(waiter);
    });
  }
}
