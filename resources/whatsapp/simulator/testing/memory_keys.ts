// Signal keys of a test program in memory.
import type { SignalDataSet, SignalDataTypeMap, SignalKeyStore } from "baileys";

type Kind = keyof SignalDataTypeMap;

export class MemoryKeys implements SignalKeyStore {
  readonly #values = new Map<string, unknown>();

  get<T extends Kind>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    const present = ids.filter((id) => this.#values.has(`${type} ${id}`));
    const values = present.map((id) => [id, this.#values.get(`${type} ${id}`) as SignalDataTypeMap[T]]);
    return Promise.resolve(Object.fromEntries(values) as Record<string, SignalDataTypeMap[T]>);
  }

  set(changes: SignalDataSet): Promise<void> {
    for (const [type, values] of Object.entries(changes)) {
      for (const [id, value] of Object.entries(values)) {
        if (value === null) {
          this.#values.delete(`${type} ${id}`);
        } else {
          this.#values.set(`${type} ${id}`, value);
        }
      }
    }
    return Promise.resolve();
  }

  /** Saves the state as it is now; the returned function restores it, as after a crash that lost all later writes. */
  snapshot(): () => void {
    const before = new Map(structuredClone([...this.#values]));
    return () => {
      this.#values.clear();
      for (const [key, value] of before) {
        this.#values.set(key, value);
      }
    };
  }

  forget(type: Kind): void {
    for (const key of this.#values.keys()) {
      if (key.startsWith(`${type} `)) {
        this.#values.delete(key);
      }
    }
  }
}
