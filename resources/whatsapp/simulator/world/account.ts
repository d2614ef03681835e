// The shop's WhatsApp account: its own phone and the devices linked to it.
import { numberOf } from "../stream/jids.ts";
import type { LinkedDevice } from "./linked_device.ts";
import { SimulatedDevice } from "./simulated_device.ts";

export interface AccountFields {
  readonly name?: string | undefined;
  readonly business?: boolean | undefined;
  readonly online?: boolean | undefined;
}

export class Account {
  readonly user: string;
  readonly lidUser: string;
  readonly phone = new SimulatedDevice(0);
  readonly linkedDevices = new Map<number, LinkedDevice>();
  name: string | undefined;
  business = false;
  online = true;
  #lastDevice = 0;

  constructor(user: string, lidUser: string) {
    this.user = user;
    this.lidUser = lidUser;
  }

  get number(): string {
    return numberOf(this.user);
  }

  update(fields: AccountFields): void {
    this.name = fields.name ?? this.name;
    this.business = fields.business ?? this.business;
    this.online = fields.online ?? this.online;
    if (fields.online) {
      this.phone.releaseHeld();
    }
  }

  nextDevice(): number {
    return ++this.#lastDevice;
  }
}
