// Keeps every message in flight until the server's word on it, its timeout or the socket's end.
import type { RejectedKind, SendOutcome } from "../protocol/requests.ts";
import type { Clock } from "../steady_clock.ts";

interface InFlight {
  written: boolean;
  ackTimeoutMs: number;
  cancelTimeout: () => void;
  settle: (outcome: SendOutcome) => void;
}

export interface Ack {
  messageId: string;
  refused: boolean;
  code: number | null;
  at: number;
}

const REMEMBERED_DOUBTS = 2000;
const KINDS = new Map<number | null, RejectedKind>([
  [463, "restricted"],
  [479, "stale_session"],
  [429, "rate_limited"],
]);

export class AckLedger {
  readonly #clock: Clock;
  readonly #tellLate: (ack: Ack) => void;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #inDoubt = new Set<string>();
  readonly #unsaved = new Map<string, Promise<void>>();

  constructor(clock: Clock, tellLate: (ack: Ack) => void) {
    this.#clock = clock;
    this.#tellLate = tellLate;
  }

  isInFlight(messageId: string): boolean {
    return this.#inFlight.has(messageId);
  }

  /** An id in doubt may be tried again: then the next word on it settles the new try. */
  track(messageId: string, ackTimeoutMs: number): Promise<SendOutcome> {
    this.#inDoubt.delete(messageId);
    return new Promise((settle) => {
      const cancelTimeout = (): undefined => undefined;
      this.#inFlight.set(messageId, { written: false, ackTimeoutMs, cancelTimeout, settle });
    });
  }

  /** `saved` never rejects; it resolves when the message's ratchets are on disk, or nothing of it has left. */
  saving(messageId: string, saved: Promise<void>): void {
    this.#unsaved.set(messageId, saved);
    void saved.then(() => {
      if (this.#unsaved.get(messageId) === saved) this.#unsaved.delete(messageId);
    });
  }

  /**
   * Tells Python when the message's ratchets are on disk, which is now for most: what is known to have arrived is not
   * called in doubt after a crash, and its ratchets would never be renewed.
   */
  onceSaved<T>(messageId: string, tell: () => Promise<T>): Promise<T> {
    return this.#unsaved.get(messageId)?.then(tell) ?? tell();
  }

  isWritten(messageId: string): boolean {
    return this.#inFlight.get(messageId)?.written ?? true;
  }

  /** From here on the server may have it, and only the server's word settles it. */
  written(messageId: string): void {
    const message = this.#inFlight.get(messageId);
    if (message === undefined) return;
    message.written = true;
    message.cancelTimeout = this.#clock.after(message.ackTimeoutMs, () => {
      this.#doubt(messageId, "ack_timeout");
    });
  }

  /** Settles a message of which nothing has left. */
  notWritten(messageId: string, kind: RejectedKind, code: number | null = null): void {
    if (this.isWritten(messageId)) return;
    this.#settle(messageId, { outcome: "rejected", kind, code, written: false });
  }

  acked(ack: Ack): void {
    const { messageId, refused, code, at } = ack;
    if (this.#inDoubt.delete(messageId)) {
      this.#tellLate(ack);
      return;
    }
    const kind = KINDS.get(code) ?? "refused";
    this.#settle(
      messageId,
      refused ? { outcome: "rejected", kind, code, written: true } : { outcome: "accepted", at },
    );
  }

  socketClosed(): void {
    for (const [messageId, { written }] of [...this.#inFlight]) {
      if (written) this.#doubt(messageId, "socket_closed");
      else this.notWritten(messageId, "not_connected");
    }
  }

  #doubt(messageId: string, reason: "ack_timeout" | "socket_closed"): void {
    this.#inDoubt.add(messageId);
    const oldest = this.#inDoubt.values().next().value;
    if (oldest !== undefined && this.#inDoubt.size > REMEMBERED_DOUBTS) this.#inDoubt.delete(oldest);
    this.#settle(messageId, { outcome: "in_doubt", reason });
  }

  #settle(messageId: string, outcome: SendOutcome): void {
    const message = this.#inFlight.get(messageId);
    if (message === undefined) return;
    this.#inFlight.delete(messageId);
    message.cancelTimeout();
    message.settle(outcome);
  }
}
