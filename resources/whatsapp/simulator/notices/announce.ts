// Notifies linked programs of changed devices of an account or a customer.
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { devicesChanged, ownDevices, type DeviceChange } from "./devices.ts";

/** Notifies the account's own programs of the account's devices, those with these ids. */
export function announceDevices(account: Account, ids: readonly number[] = account.deviceIds): void {
  for (const program of account.linkedDevices.values()) {
    program.deliver(ownDevices(account.user, ids));
  }
}

/** Notifies every program of a customer's devices. */
export function announceCustomerDevices(
  network: Network,
  customer: Contact,
  change: DeviceChange,
  ids: readonly number[],
): void {
  for (const account of network.world.accounts) {
    for (const program of account.linkedDevices.values()) {
      program.deliver(devicesChanged(customer.user, change, ids));
    }
  }
}
