// The server's own record of the message keys on the wire: no key may encrypt two different texts.
import { createHash } from "node:crypto";
import type { Encrypted } from "../signal/cipher.ts";
import { messageHeader } from "../signal/message_header.ts";

/** The two devices of a copy, and its message. */
export interface MessageCopy {
  readonly from: string;
  readonly to: string;
  readonly id: string;
}

/** One key that encrypted another text before; `first` is the message of that text. */
export interface KeyReuse extends MessageCopy {
  readonly counter: number;
  readonly first: string;
}

export class MessageKeys {
  /** From each key to the message that it encrypted first. */
  readonly #first = new Map<string, string>();
  readonly #seen = new Set<string>();
  readonly #reuses: KeyReuse[] = [];

  get reuses(): readonly KeyReuse[] {
    return this.#reuses;
  }

  /** Records the use of a key: the same bytes again are a repeat, other bytes under the same key are a reuse. */
  record({ from, to, id }: MessageCopy, sealed: Encrypted): void {
    const header = messageHeader(sealed);
    if (!header) {
      return;
    }
    const { ratchetKey, counter, ciphertext } = header;
    const key = `${from} ${to} ${ratchetKey.toString("base64")} ${counter}`;
    const use = `${key} ${createHash("sha256").update(ciphertext).digest("base64")}`;
    if (this.#seen.has(use)) {
      return;
    }
    this.#seen.add(use);
    const first = this.#first.get(key);
    if (first === undefined) {
      this.#first.set(key, id);
    } else {
      this.#reuses.push({ from, to, id, counter, first });
    }
  }
}
