// A phone or companion that the simulator itself plays: it has Signal keys and an inbox, and may be switched off.
import type { proto } from "baileys";
import { DeviceKeys } from "../signal/device_keys.ts";
import { SessionStore } from "../signal/session_store.ts";
import type { AddressKind } from "../stream/jids.ts";
import { Inbox } from "./inbox.ts";

/** A message that a simulated device sent to linked programs, which may request it again. */
export interface SentMessage {
  readonly id: string;
  /** Bytes are sent as they are. */
  readonly message: proto.IMessage | Uint8Array;
  /** The attributes of its stanza besides id and time. */
  readonly envelope: Readonly<Record<string, string | undefined>>;
}

export class SimulatedDevice {
  readonly id: number;
  readonly inbox = new Inbox();
  readonly sentMessages = new Map<string, SentMessage>();
  undecryptable = 0;
  /** Form of the address to which the latest message came; undefined once the device has answered. */
  wasAddressedAs: AddressKind | undefined;
  readonly #retries = new Map<string, number>();
  #keys: DeviceKeys | undefined;
  #sessions: SessionStore | undefined;
  #lastWork: Promise<void> = Promise.resolve();
  #held: (() => Promise<void>)[] = [];

  constructor(id: number) {
    this.id = id;
  }

  /** False until another device wants to write to it or it writes itself. */
  get hasKeys(): boolean {
    return this.#keys !== undefined;
  }

  get keys(): DeviceKeys {
    this.#keys ??= new DeviceKeys();
    return this.#keys;
  }

  get sessions(): SessionStore {
    this.#sessions ??= new SessionStore(this.keys);
    return this.#sessions;
  }

  /** Without its one-time pre-keys it cannot read the beginning of a new session either. */
  forgetSessions(): void {
    this.sessions.clear();
    this.keys.forgetPreKeys();
  }

  /** Moves to new hardware: another identity, without the old keys. */
  renewIdentity(): void {
    this.#keys = undefined;
    this.#sessions = undefined;
  }

  /** Runs the work after the work that this device is already busy with. */
  enqueue(work: () => Promise<void>): void {
    this.#lastWork = this.#lastWork.then(work);
  }

  /** Stores the work until the device is switched on. */
  hold(work: () => Promise<void>): void {
    this.#held.push(work);
  }

  releaseHeld(): void {
    const held = this.#held;
    this.#held = [];
    for (const work of held) {
      this.enqueue(work);
    }
  }

  /** Counts the request to send this message again, and returns the count. */
  nextRetry(messageId: string): number {
    const count = (this.#retries.get(messageId) ?? 0) + 1;
    this.#retries.set(messageId, count);
    return count;
  }
}
