// Unlinks this device at WhatsApp.
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "./connection.ts";
import { disconnect } from "./disconnect.ts";
import type { WireKeyStore } from "./key_store.ts";

export async function logout(connection: Connection | null, keys: WireKeyStore): Promise<void> {
  if (connection?.isOpen !== true) throw new Failure("not_connected");
  await connection.sock.logout();
  await disconnect(connection, keys);
}
