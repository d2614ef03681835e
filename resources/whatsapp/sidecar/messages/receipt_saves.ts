// Gives Python what is heard about our messages, one request at a time; what is heard meanwhile goes together in the next.
import { log } from "../log.ts";
import type { HostRequests } from "../protocol/host_requests.ts";
import type { Wire } from "../protocol/wire.ts";

export type Receipt = HostRequests["receipts"]["receipts"][number];

export interface Receipts {
  /** Whether it is on disk; never rejects, and never resolves when Python is gone. */
  keep: (receipt: Receipt) => Promise<boolean>;
}

interface Waiter {
  receipt: Receipt;
  tell: (kept: boolean) => void;
}

/** As many as Python makes safe in one transaction. */
const MOST_TOGETHER = 16;

export class ReceiptSaves implements Receipts {
  readonly #wire: Wire;
  readonly #waiting: Waiter[] = [];
  #underWay = 0;

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  keep(receipt: Receipt): Promise<boolean> {
    if (this.#underWay === 0 && this.#waiting.length === 0) process.nextTick(() => void this.#send());
    return new Promise((tell) => this.#waiting.push({ receipt, tell }));
  }

  /** Sends what waits, so that what is said next comes behind it. */
  flush(): void {
    while (this.#waiting.length > 0) void this.#send();
  }

  async #send(): Promise<void> {
    const together = this.#waiting.splice(0, MOST_TOGETHER);
    if (together.length === 0) return;
    this.#underWay += 1;
    const kept = await this.#ask(together.map(({ receipt }) => receipt));
    this.#underWay -= 1;
    for (const [place, { tell }] of together.entries()) tell(kept[place] ?? false);
    if (this.#underWay === 0) void this.#send();
  }

  async #ask(receipts: Receipt[]): Promise<boolean[]> {
    try {
      const { kept } = await this.#wire.request("receipts", { receipts });
      return kept;
    } catch (error) {
      log.warn({ error }, "receipts not kept");
      return [];
    }
  }
}

/** The same wire for all that must not overtake a receipt: whoever hears `drained` has heard what waited. */
export function behindReceipts(receipts: ReceiptSaves, wire: Wire): Wire {
  return {
    request: (question, params) => {
      if (question === "inbound") receipts.flush();
      return wire.request(question, params);
    },
    emit: (subject, news) => {
      receipts.flush();
      wire.emit(subject, news);
    },
  };
}
