// Knows which of the texts that waited at WhatsApp while we were away have still to be heard.
import { isLidUser, isPnUser, type BinaryNode } from "baileys";

export class WaitingTexts {
  readonly #ids = new Set<string>();
  readonly #awaiting: (() => void)[] = [];

  arrived({ attrs }: BinaryNode): void {
    const { id, from, offline } = attrs;
    const ofOnePerson = isPnUser(from ?? "") === true || isLidUser(from ?? "") === true;
    if (id && offline !== undefined && ofOnePerson) this.#ids.add(id);
  }

  /** Kept by Python, or nothing that it is told. */
  heard(id: string): void {
    this.#ids.delete(id);
    if (this.#ids.size === 0) for (const call of this.#awaiting.splice(0)) call();
  }

  allHeard(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ids.size === 0) resolve();
      else this.#awaiting.push(resolve);
    });
  }
}
