// One copy of a message on its way to one simulated device.
import type { Encrypted } from "../signal/cipher.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { SimulatedDevice } from "../world/simulated_device.ts";

export interface Delivery {
  readonly sender: LinkedDevice;
  readonly device: SimulatedDevice;
  /** The address under which the device was written to. */
  readonly jid: string;
  /** The user of the chat to which the message belongs. */
  readonly chat: string;
  readonly id: string;
  readonly sealed: Encrypted;
}
