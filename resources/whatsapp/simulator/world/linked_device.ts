// A device linked to the shop's account: the program under test, its keys, and its offline queue.
import { lidJid, pnJid } from "../stream/jids.ts";
import type { Connection } from "../stream/connection.ts";
import type { Node } from "../stream/nodes.ts";
import type { KeyBundle, PublicPreKey } from "../signal/device_keys.ts";

export interface Registration {
  readonly noiseKey: Uint8Array;
  readonly identity: Uint8Array;
  readonly registrationId: number;
  readonly signedPreKey: KeyBundle["signedPreKey"];
  /** System on which the program says it runs, as the phone's list of devices shows it. */
  readonly system: string;
}

/** The account to which a device is linked. */
export interface Owner {
  readonly user: string;
  readonly lidUser: string;
  readonly number: string;
  readonly name: string | undefined;
}

export type Presence = "available" | "unavailable";

export class LinkedDevice {
  readonly account: Owner;
  readonly id: number;
  readonly noiseKey: Uint8Array;
  readonly identity: Uint8Array;
  registrationId: number;
  signedPreKey: KeyBundle["signedPreKey"];
  connection: Connection | undefined;
  /** True once the client has asked for its offline queue; before that no stanza is pushed. */
  active = false;
  /** What the client said last on its present connection; undefined before it has said anything. */
  presence: Presence | undefined;
  /** How often the client has said that it is available, since it was linked. */
  availableCount = 0;
  /** Name that the client gave with its last presence. */
  presenceName: string | undefined;
  /** Routing bytes that it was told to put before its next intro. */
  routing: Buffer = Buffer.alloc(0);
  /** True once it has been given the chats of the phone. */
  hasHistory = false;
  readonly #preKeys = new Map<number, PublicPreKey>();
  /** Stanzas that the client has not acknowledged, in the order in which they were made. */
  readonly #unacknowledged = new Map<string, Node>();

  constructor(account: Owner, id: number, registration: Registration) {
    this.account = account;
    this.id = id;
    this.noiseKey = registration.noiseKey;
    this.identity = registration.identity;
    this.registrationId = registration.registrationId;
    this.signedPreKey = registration.signedPreKey;
  }

  get lidUser(): string {
    return this.account.lidUser;
  }

  get device(): number {
    return this.id;
  }

  get pnJid(): string {
    return pnJid(this.account.user, this.id);
  }

  get lidJid(): string {
    return lidJid(this.account.lidUser, this.id);
  }

  /** Takes the client's presence; without a type it means available. */
  showPresence(type: string | undefined, name: string | undefined): void {
    this.presence = type === "unavailable" ? "unavailable" : "available";
    this.presenceName = name;
    if (this.presence === "available") {
      this.availableCount += 1;
    }
  }

  get preKeyCount(): number {
    return this.#preKeys.size;
  }

  storePreKeys(preKeys: PublicPreKey[]): void {
    for (const preKey of preKeys) {
      this.#preKeys.set(preKey.id, preKey);
    }
  }

  /** Takes a bundle from the uploaded keys; each one-time pre-key is given out once. */
  takeBundle(): KeyBundle {
    const [preKey] = this.#preKeys.values();
    if (preKey) {
      this.#preKeys.delete(preKey.id);
    }
    const { registrationId, identity, signedPreKey } = this;
    return { registrationId, identity, signedPreKey, preKey };
  }

  /** Sends the stanza, and again at every login until the client has settled it. */
  deliver(stanza: Node): void {
    const { id, from, type } = stanza.attrs;
    this.#unacknowledged.set(settlementKey(stanza.tag, id, from, type), stanza);
    this.push(stanza);
  }

  /** Sends a stanza that needs no acknowledgement and is not stored; returns false when the client is not active. */
  push(stanza: Node): boolean {
    if (this.active) {
      this.connection?.send(stanza);
    }
    return this.active;
  }

  settle(tag: string, id?: string, from?: string, type?: string): void {
    this.#unacknowledged.delete(settlementKey(tag, id, from, type));
  }

  unacknowledgedMessage(id: string | undefined): Node | undefined {
    return this.#unacknowledged.get(settlementKey("message", id));
  }

  unacknowledged(): Node[] {
    return [...this.#unacknowledged.values()];
  }
}

/** Receipts share their message's id; they differ by sender and type. */
function settlementKey(tag: string, id = "", from = "", type = ""): string {
  return tag === "receipt" ? `${tag} ${id} ${from} ${type}` : `${tag} ${id}`;
}
