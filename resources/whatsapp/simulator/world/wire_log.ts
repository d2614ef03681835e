// The server's own record of the message ids on the wire by chat, independent of the phones.
export interface WireEntry {
  /** An acknowledgement is recorded when it is sent. */
  readonly what: "message" | "ack";
  readonly chat: string;
  readonly id: string;
  /** Unix milliseconds. */
  readonly at: number;
}

export class WireLog {
  readonly #entries: WireEntry[] = [];
  #repeats = 0;
  readonly #times = new Map<string, number>();
  readonly #tokens = new Map<string, string>();
  readonly #expectedRepeats = new Map<string, number>();

  /** Repeats without a retry receipt. */
  get repeats(): number {
    return this.#repeats;
  }

  times(sender: string, chat: string, id: string): number {
    return this.#times.get(key(sender, chat, id)) ?? 0;
  }

  /** Returns all entries in order, without the first `known`. */
  after(known: number): WireEntry[] {
    return this.#entries.slice(known);
  }

  acknowledged(chat: string, id: string): void {
    this.#entries.push({ what: "ack", chat, id, at: Date.now() });
  }

  /** Returns each message with how often it was on the wire and its last token, in the order of the first time. */
  all(): { from: string; to: string; id: string; times: number; token: string | null }[] {
    return [...this.#times].map(([message, times]) => {
      const [from = "", to = "", ...id] = message.split(" ");
      return { from, to, id: id.join(" "), times, token: this.#tokens.get(message) ?? null };
    });
  }

  record(sender: string, chat: string, id: string, token?: string): void {
    this.#entries.push({ what: "message", chat, id, at: Date.now() });
    const message = key(sender, chat, id);
    const before = this.#times.get(message) ?? 0;
    this.#times.set(message, before + 1);
    if (token !== undefined) {
      this.#tokens.set(message, token);
    }
    if (before === 0) {
      return;
    }
    const expected = this.#expectedRepeats.get(message) ?? 0;
    if (expected > 0) {
      this.#expectedRepeats.set(message, expected - 1);
    } else {
      this.#repeats += 1;
    }
  }

  /** Records that a phone asked for this message again: its next time on the wire is the answer, not a repeat. */
  expectRepeat(sender: string, chat: string, id: string): void {
    const message = key(sender, chat, id);
    this.#expectedRepeats.set(message, (this.#expectedRepeats.get(message) ?? 0) + 1);
  }
}

function key(sender: string, chat: string, id: string): string {
  return `${sender} ${chat} ${id}`;
}
