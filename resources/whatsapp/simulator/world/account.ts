// The shop's WhatsApp account: its phone, its linked devices, its contact history and restrictions.
import { randomBytes } from "node:crypto";
import { numberOf } from "../stream/jids.ts";
import { Passkey } from "../signal/passkey.ts";
import type { LinkedDevice } from "./linked_device.ts";
import type { PhoneChat } from "./phone_chat.ts";
import { unrestricted } from "./restriction.ts";
import { SimulatedDevice } from "./simulated_device.ts";

export interface AccountFields {
  readonly name?: string | undefined;
  readonly business?: boolean | undefined;
  readonly online?: boolean | undefined;
  /** Privacy setting of the phone: whether customers see what was read. */
  readonly read_receipts?: boolean | undefined;
}

/** A customer's message that a program has marked as read. */
export interface ReadMark {
  readonly number: string | undefined;
  readonly id: string;
  /** `read`: the customer sees it too; `read-self`: it is for the shop's own devices alone. */
  readonly type: string;
}

export class Account {
  readonly user: string;
  readonly lidUser: string;
  readonly phone = new SimulatedDevice(0);
  /** Devices of programs under test. */
  readonly linkedDevices = new Map<number, LinkedDevice>();
  /** Linked devices that the simulator itself plays. */
  readonly companions = new Map<number, SimulatedDevice>();
  /** Users of the customers who have written to this account. */
  readonly contactHistory = new Set<string>();
  /** The tokens by which customers let this account write to them, by user. */
  readonly privacyTokens = new Map<string, Buffer>();
  /** Chats of the phone that have more to tell than their customer, by user. */
  readonly chats = new Map<string, PhoneChat>();
  /** Secret of the phone and its programs, which signs messages to customers without a token. */
  readonly nctSalt = randomBytes(32);
  readonly passkey = new Passkey();
  readonly restriction = unrestricted();
  readonly readMarks: ReadMark[] = [];
  name: string | undefined;
  business = false;
  online = true;
  readReceipts = true;
  #lastDevice = 0;

  constructor(user: string, lidUser: string) {
    this.user = user;
    this.lidUser = lidUser;
  }

  get number(): string {
    return numberOf(this.user);
  }

  /** The phone first, then the simulated companions. */
  get devices(): readonly SimulatedDevice[] {
    return [this.phone, ...this.companions.values()];
  }

  get deviceIds(): number[] {
    return [0, ...this.companions.keys(), ...this.linkedDevices.keys()];
  }

  device(id: number): SimulatedDevice | LinkedDevice | undefined {
    return id === 0 ? this.phone : (this.companions.get(id) ?? this.linkedDevices.get(id));
  }

  update(fields: AccountFields): void {
    this.name = fields.name ?? this.name;
    this.business = fields.business ?? this.business;
    this.online = fields.online ?? this.online;
    this.readReceipts = fields.read_receipts ?? this.readReceipts;
    if (fields.online) {
      for (const device of this.devices) {
        device.releaseHeld();
      }
    }
  }

  nextDevice(): number {
    return ++this.#lastDevice;
  }

  linkCompanion(): SimulatedDevice {
    const companion = new SimulatedDevice(this.nextDevice());
    this.companions.set(companion.id, companion);
    return companion;
  }
}
