// Makes new Signal sessions with people whose session can no longer be trusted.
import { log } from "../log.ts";
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "../session/connection.ts";
import { closeSessions } from "./close_sessions.ts";
import { listedDevices, ownJid } from "./recipients.ts";
import { isConnectionClosed } from "./query_error.ts";

/**
 * Refreshes the shop's own devices too: each message goes to them as well, with a ratchet of its own. No text is sent
 * before WhatsApp has listed those. A customer whose devices WhatsApp does not list holds up no other: the old sessions
 * are closed, and the next text asks for new ones.
 */
export async function refreshSession(connection: Connection | null, jids: string[]): Promise<void> {
  if (connection?.isOpen !== true) throw new Failure("not_connected");
  const { sock } = connection;
  for (const jid of jids) await closeSessions(sock, jid);
  if (!(await refresh(connection, ownJid(sock, jids)))) throw new Failure("failure");
  await Promise.all(
    jids.map(async (jid) => {
      try {
        await refresh(connection, jid);
      } catch (error) {
        if (isConnectionClosed(error)) throw error;
        log.warn({ error }, "session not refreshed");
      }
    }),
  );
}

/** Returns false where Baileys hides an unanswered query in an empty list. */
async function refresh(connection: Connection, jid: string): Promise<boolean> {
  const { sock } = connection;
  const devices = await connection.answer(listedDevices(sock, [jid], false));
  await connection.answer(sock.assertSessions(devices, true));
  return devices.length > 0;
}
