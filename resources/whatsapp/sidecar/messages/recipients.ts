// Finds a person's devices and opens Signal sessions with them and with the shop's own devices.
import {
  isPnUser,
  jidDecode,
  jidNormalizedUser,
  parseAndInjectE2ESessions,
  S_WHATSAPP_NET,
  type BinaryNode,
  type WASocket,
} from "baileys";
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
  await openSessionsByNumber(sock, devices);
  return "ready";
}

/** Baileys asks no keys for a number whose account id (LID) WhatsApp does not tell, and then cannot encrypt. */
async function openSessionsByNumber(sock: WASocket, devices: string[]): Promise<void> {
  const missing: string[] = [];
  for (const jid of devices)
    if (isPnUser(jid) === true && !(await sock.signalRepository.validateSession(jid)).exists)
      missing.push(jid);
  if (missing.length === 0) return;
  const users = missing.map((jid) => ({ tag: "user", attrs: { jid } }));
  const answer = (await sock.query({
    tag: "iq",
    attrs: { xmlns: "encrypt", type: "get", to: S_WHATSAPP_NET },
    content: [{ tag: "key", attrs: {}, content: users }],
  })) as BinaryNode;
  await parseAndInjectE2ESessions(answer, sock.signalRepository);
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
