// A customer's WhatsApp account with its phone and companions.
import { numberOf } from "../stream/jids.ts";
import type { PhoneMode } from "./inbox.ts";
import { SimulatedDevice } from "./simulated_device.ts";

export interface ContactFields {
  readonly name?: string | undefined;
  readonly exists?: boolean | undefined;
  /** How many companions are linked besides the phone. */
  readonly companions?: number | undefined;
  readonly mode?: PhoneMode | undefined;
  readonly online?: boolean | undefined;
  readonly reads?: boolean | undefined;
  /** The customer shows the hidden id in place of the number. */
  readonly hidden?: boolean | undefined;
  /** The server tells the hidden id of the number; by default it does so unless the number is hidden. */
  readonly lid_told?: boolean | undefined;
  readonly username?: string | undefined;
}

export class Contact {
  readonly user: string;
  /** Another one once the number belongs to a new account. */
  lidUser: string;
  username: string | undefined;
  name: string | undefined;
  hidden = false;
  isLidTold = true;
  exists = true;
  mode: PhoneMode = "dedupe";
  online = true;
  reads = true;
  /** The disappearing-messages timer of the chat with each shop, in seconds, by user. */
  readonly timers = new Map<string, number>();
  readonly phone = new SimulatedDevice(0);
  #devices: SimulatedDevice[] = [this.phone];

  constructor(user: string, lidUser: string) {
    this.user = user;
    this.lidUser = lidUser;
  }

  get number(): string {
    return numberOf(this.user);
  }

  /** The phone first, then the companions. */
  get devices(): readonly SimulatedDevice[] {
    return this.#devices;
  }

  device(id: number): SimulatedDevice | undefined {
    return this.#devices[id];
  }

  update(fields: ContactFields): void {
    this.name = fields.name ?? this.name;
    this.exists = fields.exists ?? this.exists;
    this.mode = fields.mode ?? this.mode;
    this.reads = fields.reads ?? this.reads;
    this.hidden = fields.hidden ?? this.hidden;
    this.isLidTold = fields.lid_told ?? (fields.hidden === undefined ? this.isLidTold : !fields.hidden);
    this.username = fields.username ?? this.username;
    if (fields.companions !== undefined) {
      const wanted = fields.companions + 1;
      this.#devices.length = Math.min(this.#devices.length, wanted);
      while (this.#devices.length < wanted) {
        this.#devices.push(new SimulatedDevice(this.#devices.length));
      }
    }
    if (fields.online !== undefined) {
      this.#setOnline(fields.online);
    }
  }

  #setOnline(online: boolean): void {
    this.online = online;
    if (online) {
      for (const device of this.#devices) {
        device.releaseHeld();
      }
    }
  }
}
