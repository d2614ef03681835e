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
] as const;

export type FaultKind = (typeof FAULT_KINDS)[number];

export interface Fault {
  readonly kind: FaultKind;
  /** −1 is until further notice. */
  times: number;
  readonly code?: number | undefined;
  /** Only for this user. */
  readonly user?: string | undefined;
}

export class Faults {
  readonly #armed: Fault[] = [];

  /** Replaces an armed fault of the same kind for the same user; 0 times only ends it. */
  arm(fault: Fault): void {
    const known = this.#armed.findIndex(({ kind, user }) => kind === fault.kind && user === fault.user);
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

  /** Spends one time of the first fault of this kind that concerns one of these users, if there is one. */
  strike(kind: FaultKind, users: readonly string[] = []): Fault | undefined {
    const found = this.#armed.find(
      (fault) => fault.kind === kind && (fault.user === undefined || users.includes(fault.user)),
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
