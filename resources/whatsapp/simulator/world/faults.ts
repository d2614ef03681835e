// The faults that are armed, each with the number of times it still strikes.
export const FAULT_KINDS = [
  "drop",
  "lose_ack",
  "nack",
  "mute",
  "unmute",
  "login_failure",
  "stream_error",
  "upgrade_status",
  "usync_error",
  "refuse_connections",
  "accept_connections",
  "lose_session",
  "repeat_ack",
  "repeat_receipt",
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** −1 is until further notice. */
  times: number;
  readonly code?: number | undefined;
  /** Only for this user, or for one device of a user, written `user:device`. */
  readonly target?: string | undefined;
}

export class Faults {
  readonly #armed: Fault[] = [];

  /** Replaces an armed fault of the same kind for the same target; 0 times only ends it. */
  arm(fault: Fault): void {
    const known = this.#armed.findIndex(({ kind, target }) => kind === fault.kind && target === fault.target);
    if (known >= 0) {
      this.#armed.splice(known, 1);
    }
    if (fault.times !== 0) {
      this.#armed.push(fault);
    }
  }

  isArmed(kind: FaultKind): boolean {
    return this.#armed.some((fault) => fault.kind === kind);
  }

  /** Spends one time of the first fault of this kind that concerns one of these targets, if there is one. */
  strike(kind: FaultKind, targets: readonly string[] = []): Fault | undefined {
    const found = this.#armed.find(
      (fault) => fault.kind === kind && (fault.target === undefined || targets.includes(fault.target)),
    );
    if (found && found.times > 0) {
      found.times -= 1;
      if (found.times === 0) {
        this.#armed.splice(this.#armed.indexOf(found), 1);
      }
    }
    return found;
  }
}
