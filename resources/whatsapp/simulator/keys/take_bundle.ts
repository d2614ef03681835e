// Hands out a key bundle of a linked device, and notifies the device when few pre-keys are left.
import { preKeysLow } from "../notices/encrypt.ts";
import type { KeyBundle } from "../signal/device_keys.ts";
import type { LinkedDevice } from "../world/linked_device.ts";

const PRE_KEYS_LOW = 5;

export function takeBundle(device: LinkedDevice): KeyBundle {
  const bundle = device.takeBundle();
  if (device.preKeyCount < PRE_KEYS_LOW) {
    device.deliver(preKeysLow(device.preKeyCount));
  }
  return bundle;
}
