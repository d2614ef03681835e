// The inbox of one simulated device: its bubbles, in the order in which they first appeared.
import type { EncryptionType } from "../signal/cipher.ts";

export type PhoneMode = "dedupe" | "strict";

export interface Arrival {
  readonly id: string;
  /** The other side of the chat; a phone identifies a message by it and the id. */
  readonly chat: string;
  readonly text: string | null;
  readonly type: EncryptionType;
  readonly from: string;
  readonly to: string;
  /** The time in the message after which it disappears; 0 for never. */
  readonly expiration: number;
  /** The phone shows "this message will not disappear": the chat has a timer, and the message has not. */
  readonly stays: boolean;
}

export interface Bubble {
  readonly id: string;
  readonly chat: string;
  readonly text: string | null;
  readonly from: string;
  readonly to: string;
  readonly expiration: number;
  readonly stays: boolean;
  /** How often it is on the screen. */
  shown: number;
  /** How each decrypted copy had been encrypted. */
  readonly types: EncryptionType[];
}

export class Inbox {
  readonly #bubbles = new Map<string, Bubble>();

  show(arrival: Arrival, mode: PhoneMode): void {
    const { type, ...content } = arrival;
    const key = `${arrival.chat} ${arrival.id}`;
    const known = this.#bubbles.get(key);
    if (!known) {
      this.#bubbles.set(key, { ...content, shown: 1, types: [type] });
      return;
    }
    known.types.push(type);
    if (mode === "strict") {
      known.shown += 1;
    }
  }

  bubbles(): Bubble[] {
    return [...this.#bubbles.values()];
  }
}
