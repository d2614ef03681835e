// Notifies linked programs of changed devices of an account or a customer.
import { pnJid } from "../stream/jids.ts";
import { node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { notification } from "./notification.ts";
import { devicesChanged, ownDevices, type DeviceChange } from "./devices.ts";

/** Notifies the account's own programs of the account's devices, those with these ids. */
export function announceDevices(account: Account, ids: readonly number[] = account.deviceIds): void {
  for (const program of account.linkedDevices.values()) {
    program.deliver(ownDevices(account.user, ids));
  }
}

/** Tells the account's own programs that its privacy settings have changed. */
export function announcePrivacy(account: Account): void {
  const readreceipts = node("category", {
    name: "readreceipts",
    value: account.readReceipts ? "all" : "none",
  });
  for (const program of account.linkedDevices.values()) {
    const changed = node("privacy", {}, [readreceipts]);
    program.deliver(notification("account_sync", [changed], { from: pnJid(account.user) }));
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
