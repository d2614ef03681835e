// Finds a person's devices and opens Signal sessions with them and with the shop's own devices.
import { jidDecode, jidNormalizedUser, type WASocket } from "baileys";
import type { Connection } from "../session/connection.ts";
import type { Clock } from "../steady_clock.ts";

export type Readiness = "ready" | "no_devices" | "timeout";

/** Throws the error with which the server refuses a query. */
export async function openSessions(connection: Connection, jid: string, clock: Clock): Promise<Readiness> {
  const { sock, queryTimeoutMs } = connection;
  const askedAt = clock.now();
  const devices = await devicesOf(sock, [jid], true);
  if (!devices.some((device) => isRecipient(sock, device, jid))) {
    // Baileys hides an unanswered query in an empty list: only the elapsed time tells the two apart.
    return clock.now() - askedAt >= queryTimeoutMs ? "timeout" : "no_devices";
  }
  await sock.assertSessions(devices);
  return "ready";
}

/** Lists the devices of these people and of the shop, without this sidecar's own. */
export async function devicesOf(sock: WASocket, jids: string[], cached: boolean): Promise<string[]> {
  return listedDevices(sock, [ownJid(sock, jids), ...jids], cached);
}

/** Lists the devices of these accounts alone, without this sidecar's own. */
export async function listedDevices(sock: WASocket, jids: string[], cached: boolean): Promise<string[]> {
  const me = sock.authState.creds.me;
  const found = await sock.getUSyncDevices(jids, cached, false);
  return found.map(({ jid }) => jid).filter((jid) => jid !== me?.id && jid !== me?.lid);
}

/** Returns the shop's jid in the same address form as the others. */
export function ownJid(sock: WASocket, jids: string[]): string {
  const me = sock.authState.creds.me;
  return jidNormalizedUser(jids.every((jid) => jid.endsWith("@lid")) && me?.lid ? me.lid : (me?.id ?? ""));
}

/**
 * Any device but the shop's own counts as the recipient's: the server may spell a number differently than it was asked
 * for.
 */
export function isRecipient(sock: WASocket, device: string, jid: string): boolean {
  return isOwn(sock, jid) || !isOwn(sock, device);
}

export function isOwn(sock: WASocket, jid: string): boolean {
  const me = sock.authState.creds.me;
  const user = jidDecode(jid)?.user;
  return user !== undefined && [me?.id, me?.lid].some((own) => own && jidDecode(own)?.user === user);
}
