// Is Baileys' key store over the wire: values are JSON text, one request per set.
import { BufferJSON, proto, type SignalDataSet, type SignalDataTypeMap, type SignalKeyStore } from "baileys";
import type { Wire } from "../protocol/wire.ts";

type Type = keyof SignalDataTypeMap;
type Changes = Record<string, Record<string, string | null>>;

export class WireKeyStore implements SignalKeyStore {
  readonly #wire: Wire;
  readonly #writes = new Set<Promise<unknown>>();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  async get<T extends Type>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    if (ids.length === 0) return {};
    const { values } = await this.#wire.ask("keys.get", { type, ids });
    return Object.fromEntries(Object.entries(values).map(([id, text]) => [id, valueFrom(type, text)]));
  }

  async set(changes: SignalDataSet): Promise<void> {
    const write = this.#wire.ask("keys.set", { changes: textsOf(changes) });
    this.#writes.add(write);
    try {
      await write;
    } finally {
      this.#writes.delete(write);
    }
  }

  /** Resolves when every write in flight is answered. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#writes);
  }
}

function valueFrom<T extends Type>(type: T, text: string): SignalDataTypeMap[T] {
  const value = JSON.parse(text, BufferJSON.reviver) as SignalDataTypeMap[T];
  if (type !== "app-state-sync-key") return value;
  return proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[T];
}

function textsOf(changes: SignalDataSet): Changes {
  const texts: Changes = {};
  for (const [type, values] of Object.entries(changes)) {
    const entries = Object.entries(values).map(([id, value]) => [id, textOf(value)]);
    texts[type] = Object.fromEntries(entries) as Record<string, string | null>;
  }
  return texts;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value, BufferJSON.replacer);
}
