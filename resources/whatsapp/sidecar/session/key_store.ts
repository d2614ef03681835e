// Baileys' key store over the wire: values are JSON text, one request per set.
import { BufferJSON, proto, type SignalDataSet, type SignalDataTypeMap, type SignalKeyStore } from "baileys";
import type { Wire } from "../protocol/wire.ts";
import type { Clock } from "../steady_clock.ts";
import type { KeyTexts } from "./key_batches.ts";
import { KeyWriteQueue } from "./key_write_queue.ts";

type Type = keyof SignalDataTypeMap;
// Requested with every message, and most customers have none.
const OFTEN_MISSING = "tctoken";

export class WireKeyStore implements SignalKeyStore {
  readonly #wire: Wire;
  readonly #queue: KeyWriteQueue;
  /** Ids known to have no value: only this process writes the session's keys. */
  readonly #missing = new Set<string>();

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#queue = new KeyWriteQueue(wire, clock);
  }

  async get<T extends Type>(type: T, ids: string[]): Promise<Record<string, SignalDataTypeMap[T]>> {
    const found = new Map<string, string>();
    const unknown: string[] = [];
    for (const id of ids) {
      const text = this.#queue.pending(type, id);
      if (typeof text === "string") found.set(id, text);
      else if (text === undefined && !this.#missing.has(`${type} ${id}`)) unknown.push(id);
    }
    for (const [id, text] of Object.entries(await this.#fetch(type, unknown))) found.set(id, text);
    return Object.fromEntries([...found].map(([id, text]) => [id, valueFrom(type, text)]));
  }

  async set(changes: SignalDataSet): Promise<void> {
    for (const id of Object.keys(changes[OFTEN_MISSING] ?? {}))
      this.#missing.delete(`${OFTEN_MISSING} ${id}`);
    await this.#queue.save(textsOf(changes));
  }

  /** Resolves when every change so far is on the wire. */
  written(): Promise<void> {
    return this.#queue.written();
  }

  /** Resolves when every write in flight is answered. */
  settled(): Promise<void> {
    return this.#queue.settled();
  }

  async #fetch(type: Type, ids: string[]): Promise<Record<string, string>> {
    if (ids.length === 0) return {};
    const { values } = await this.#wire.request("keys.get", { type, ids });
    if (type === OFTEN_MISSING) {
      for (const id of ids) {
        if (!(id in values) && this.#queue.pending(type, id) === undefined)
          this.#missing.add(`${type} ${id}`);
      }
    }
    return values;
  }
}

function valueFrom<T extends Type>(type: T, text: string): SignalDataTypeMap[T] {
  const value = JSON.parse(text, BufferJSON.reviver) as SignalDataTypeMap[T];
  if (type !== "app-state-sync-key") return value;
  return proto.Message.AppStateSyncKeyData.fromObject(value as object) as unknown as SignalDataTypeMap[T];
}

function textsOf(changes: SignalDataSet): KeyTexts {
  const texts: KeyTexts = {};
  for (const [type, values] of Object.entries(changes)) {
    const entries = Object.entries(values).map(([id, value]) => [id, textOf(value)]);
    texts[type] = Object.fromEntries(entries) as Record<string, string | null>;
  }
  return texts;
}

function textOf(value: unknown): string | null {
  return value === null || value === undefined ? null : JSON.stringify(value, BufferJSON.replacer);
}
