// Batches receipts for Python: one request at a time, later receipts go together in the next.
import { log } from "../log.ts";
import type { EventName } from "../protocol/events.ts";
import type { HostRequests } from "../protocol/host_requests.ts";
import type { Wire } from "../protocol/wire.ts";

export type Receipt = HostRequests["receipts"]["receipts"][number];

export interface ReceiptRecorder {
  /** Resolves to whether the receipt is on disk; never rejects, and never resolves when Python is gone. */
  record: (receipt: Receipt) => Promise<boolean>;
}

interface Waiter {
  receipt: Receipt;
  resolve: (kept: boolean) => void;
}

/** Python takes these in ahead of all others: a flush for each would end the batches of a long queue. */
const OF_OFFLINE_STANZAS: ReadonlySet<EventName> = new Set(["offline_stanza", "offline_recorded"]);
/** Number of receipts that Python commits in one transaction. */
const MAX_BATCH = 16;

export class ReceiptBatcher implements ReceiptRecorder {
  readonly #wire: Wire;
  readonly #waiting: Waiter[] = [];
  #requestsInFlight = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  record(receipt: Receipt): Promise<boolean> {
    if (this.#requestsInFlight === 0 && this.#waiting.length === 0) process.nextTick(() => void this.#send());
    return new Promise((resolve) => this.#waiting.push({ receipt, resolve }));
  }

  /** Sends the waiting receipts, so that the next message on the wire follows them. */
  flush(): void {
    while (this.#waiting.length > 0) void this.#send();
  }

  async #send(): Promise<void> {
    const batch = this.#waiting.splice(0, MAX_BATCH);
    if (batch.length === 0) return;
    this.#requestsInFlight += 1;
    const kept = await this.#request(batch.map(({ receipt }) => receipt));
    this.#requestsInFlight -= 1;
    for (const [index, { resolve }] of batch.entries()) resolve(kept[index] ?? false);
    if (this.#requestsInFlight === 0) void this.#send();
  }

  async #request(receipts: Receipt[]): Promise<boolean[]> {
    try {
      const { kept } = await this.#wire.request("receipts", { receipts });
      return kept;
    } catch (error) {
      log.warn({ error }, "receipts not kept");
      return [];
    }
  }
}

/**
 * Wraps the wire so that inbound messages and events follow the receipts that waited before them, `drained` among them.
 */
export function flushReceiptsFirst(receipts: ReceiptBatcher, wire: Wire): Wire {
  return {
    request: (method, params) => {
      if (method === "inbound") receipts.flush();
      return wire.request(method, params);
    },
    emit: (event, params) => {
      if (!OF_OFFLINE_STANZAS.has(event)) receipts.flush();
      wire.emit(event, params);
    },
  };
}
