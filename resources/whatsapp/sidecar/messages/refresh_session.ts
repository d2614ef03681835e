// Makes new Signal sessions with people whose session can no longer be trusted.
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "../session/connection.ts";
import { devicesOf } from "./recipients.ts";

/** The shop's own devices too: each message goes to them as well, with a ratchet of its own. */
export async function refreshSession(connection: Connection | null, jids: string[]): Promise<void> {
  if (connection?.isOpen !== true) throw new Failure("not_connected");
  const { sock } = connection;
  await sock.assertSessions(await devicesOf(sock, jids, false), true);
}
