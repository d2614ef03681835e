// Ends a connection and waits for its pending writes.
import type { Connection } from "./connection.ts";
import type { WireKeyStore } from "./key_store.ts";

export async function disconnect(connection: Connection | null, keys: WireKeyStore): Promise<void> {
  connection?.finish(null);
  await keys.settled();
  await connection?.statesEmitted();
}
