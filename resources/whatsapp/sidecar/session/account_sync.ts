// Follows the account's own changes, which WhatsApp tells by `account_sync`: its devices and its privacy settings.
import { getBinaryNodeChild, jidDecode } from "baileys";
import { log } from "../log.ts";
import type { Connection } from "./connection.ts";
import type { DeviceCache } from "./device_cache.ts";

/** Baileys drops both: it would send copies to unlinked devices for hours, and `read` where receipts are off. */
export function watchAccountSync(connection: Connection, devices: DeviceCache): void {
  connection.onStanza("notification,type:account_sync", (node) => {
    if (getBinaryNodeChild(node, "devices")) forgetOwnDevices(connection, devices);
    if (getBinaryNodeChild(node, "privacy")) void refreshPrivacySettings(connection);
  });
}

function forgetOwnDevices({ creds }: Connection, devices: DeviceCache): void {
  for (const jid of [creds.me?.id, creds.me?.lid]) {
    const user = jidDecode(jid)?.user;
    if (user !== undefined) devices.del(user);
  }
}

/** After a failure they are asked for again when they are needed: one lost answer must not end all read receipts. */
async function refreshPrivacySettings(connection: Connection): Promise<void> {
  const fetched = connection.sock.fetchPrivacySettings(true);
  const settled = (): Promise<unknown> => fetched;
  connection.privacySettled = settled;
  try {
    await fetched;
  } catch (error) {
    log.warn({ error }, "privacy settings not refreshed");
    if (connection.privacySettled !== settled) return;
    connection.privacySettled = () => {
      void refreshPrivacySettings(connection);
      return connection.privacySettled();
    };
  }
}
