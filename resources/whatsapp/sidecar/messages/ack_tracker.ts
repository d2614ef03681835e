// Tracks every message in flight until the server's ack, its timeout or the end of the socket.
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

/** One try to send a message; another one may follow under the same id. */
export interface Attempt {
  readonly outcome: Promise<SendOutcome>;
  /** True once the outcome is settled: bytes still under way for it must not be written. */
  isOver(): boolean;
}

const MAX_IN_DOUBT = 2000;
/** A longer timer would fire at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const REJECTED_KIND_BY_CODE = new Map<number | null, RejectedKind>([
  [463, "restricted"],
  [479, "stale_session"],
  [429, "rate_limited"],
]);

export class AckTracker {
  readonly #clock: Clock;
  readonly #onLateAck: (ack: Ack) => void;
  readonly #inFlight = new Map<string, InFlight>();
  readonly #inDoubt = new Set<string>();
  readonly #keySaves = new Map<string, Promise<void>>();

  constructor(clock: Clock, onLateAck: (ack: Ack) => void) {
    this.#clock = clock;
    this.#onLateAck = onLateAck;
  }

  isInFlight(messageId: string): boolean {
    return this.#inFlight.has(messageId);
  }

  /**
   * An id in doubt may be tried again; the next ack then settles the new attempt. One that is not written by `notAfter`
   * is too late, also while Baileys is busy.
   */
  track(messageId: string, notAfter: number, ackTimeoutMs: number): Attempt {
    this.#inDoubt.delete(messageId);
    const untilTooLate = Math.min(notAfter - this.#clock.now(), LONGEST_TIMER_MS);
    const cancelTimeout = this.#clock.after(untilTooLate, () => {
      this.rejectUnwritten(messageId, "too_late");
    });
    let settle: (outcome: SendOutcome) => void = () => undefined;
    const outcome = new Promise<SendOutcome>((resolve) => (settle = resolve));
    const message = { written: false, ackTimeoutMs, cancelTimeout, settle };
    this.#inFlight.set(messageId, message);
    return { outcome, isOver: () => this.#inFlight.get(messageId) !== message };
  }

  /** `saved` never rejects; it resolves when the message's ratchets are on disk, or no byte of it has left. */
  trackKeySave(messageId: string, saved: Promise<void>): void {
    this.#keySaves.set(messageId, saved);
    void saved.then(() => {
      if (this.#keySaves.get(messageId) === saved) this.#keySaves.delete(messageId);
    });
  }

  /**
   * Runs the action once the message's ratchets are on disk, which is at once for most. Otherwise, after a crash, a
   * message known to have arrived would not be in doubt, and its ratchets would never be renewed.
   */
  afterKeySave<T>(messageId: string, action: () => Promise<T>): Promise<T> {
    return this.#keySaves.get(messageId)?.then(action) ?? action();
  }

  isWritten(messageId: string): boolean {
    return this.#inFlight.get(messageId)?.written ?? true;
  }

  /** Starts the ack timeout. From here on the server may have the message, and only the server settles it. */
  markWritten(messageId: string): void {
    const message = this.#inFlight.get(messageId);
    if (message === undefined) return;
    message.written = true;
    message.cancelTimeout();
    message.cancelTimeout = this.#clock.after(message.ackTimeoutMs, () => {
      this.#settleInDoubt(messageId, "ack_timeout");
    });
  }

  /** Settles a message of which no byte has left. */
  rejectUnwritten(messageId: string, kind: RejectedKind, code: number | null = null): void {
    if (this.isWritten(messageId)) return;
    this.#settle(messageId, { outcome: "rejected", kind, code, written: false });
  }

  settleByAck(ack: Ack): void {
    const { messageId, refused, code, at } = ack;
    if (this.#inDoubt.delete(messageId)) {
      this.#onLateAck(ack);
      return;
    }
    const kind = REJECTED_KIND_BY_CODE.get(code) ?? "refused";
    this.#settle(
      messageId,
      refused ? { outcome: "rejected", kind, code, written: true } : { outcome: "accepted", at },
    );
  }

  settleOnClose(): void {
    for (const [messageId, { written }] of [...this.#inFlight]) {
      if (written) this.#settleInDoubt(messageId, "socket_closed");
      else this.rejectUnwritten(messageId, "not_connected");
    }
  }

  #settleInDoubt(messageId: string, reason: "ack_timeout" | "socket_closed"): void {
    this.#inDoubt.add(messageId);
    const oldest = this.#inDoubt.values().next().value;
    if (oldest !== undefined && this.#inDoubt.size > MAX_IN_DOUBT) this.#inDoubt.delete(oldest);
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
