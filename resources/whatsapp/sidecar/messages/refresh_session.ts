// Makes new Signal sessions with people whose session can no longer be trusted.
import type { WASocket } from "baileys";
import { log } from "../log.ts";
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "../session/connection.ts";
import { listedDevices, ownJid } from "./recipients.ts";
import { isConnectionClosed } from "./refusal.ts";

/**
 * The shop's own devices too: each message goes to them as well, with a ratchet of its own. Whom WhatsApp answers
 * nothing about keeps the old session and holds nobody up: at worst that phone asks for its next message again.
 */
export async function refreshSession(connection: Connection | null, jids: string[]): Promise<void> {
  if (connection?.isOpen !== true) throw new Failure("not_connected");
  const { sock } = connection;
  await refresh(sock, ownJid(sock, jids));
  await Promise.all(
    jids.map(async (jid) => {
      try {
        await refresh(sock, jid);
      } catch (error) {
        if (isConnectionClosed(error)) throw error;
        log.warn({ error }, "session not refreshed");
      }
    }),
  );
}

async function refresh(sock: WASocket, jid: string): Promise<void> {
  await sock.assertSessions(await listedDevices(sock, [jid], false), true);
}
