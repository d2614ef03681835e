// Signal keys of a test program in memory.
import type { SignalDataSet, SignalDataTypeMap, SignalKeyStore } from "baileys";

type Kind = keyof SignalDataTypeMap;

export class MemoryKeys implements SignalKeyStore {
  readonly #kept = new Map<string, unknown>();

  get<T extends Kind>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    const present = ids.filter((id) => this.#kept.has(`${type} ${id}`));
    const values = present.map((id) => [id, this.#kept.get(`${type} ${id}`) as SignalDataTypeMap[T]]);
    return Promise.resolve(Object.fromEntries(values) as Record<string, SignalDataTypeMap[T]>);
  }

  set(changes: SignalDataSet): Promise<void> {
    for (const [type, values] of Object.entries(changes)) {
      for (const [id, value] of Object.entries(values)) {
        if (value === null) {
          this.#kept.delete(`${type} ${id}`);
        } else {
          this.#kept.set(`${type} ${id}`, value);
        }
      }
    }
    return Promise.resolve();
  }

  /** Saves the state as it is now; the returned function restores it, as after a crash that lost all later writes. */
  saved(): () => void {
    const before = new Map(structuredClone([...this.#kept]));
    return () => {
      this.#kept.clear();
      for (const [key, value] of before) {
        this.#kept.set(key, value);
      }
    };
  }

  forget(type: Kind): void {
    for (const key of this.#kept.keys()) {
      if (key.startsWith(`${type} `)) {
        this.#kept.delete(key);
      }
    }
  }
}
