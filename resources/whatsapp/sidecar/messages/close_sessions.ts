// Closes the Signal sessions with a customer's devices: no more encryption in them, but decryption still works.
import { jidDecode, jidEncode, type JidServer, type SignalDataTypeMap, type WASocket } from "baileys";
import { SessionRecord } from "libsignal";
import { KeyTooLongError } from "../session/key_write_queue.ts";

/** Members that libsignal has and its type declarations leave out. */
interface ClosableRecord {
  getOpenSession(): object | undefined;
  closeSession(session: object): void;
  serialize(): SignalDataTypeMap["session"];
}

// WhatsApp numbers an account's devices from 0, the phone; the list on disk lacks devices that only a notice named.
// Baileys refuses device 99 under the account's own server.
const HOSTED = 99;
const DEVICES = Array.from({ length: 100 }, (_, device) => device);

/** Closes the sessions with every device that the account may have; resolves when they are closed on disk. */
export async function closeSessions(sock: WASocket, jid: string): Promise<void> {
  const { keys } = sock.authState;
  const stored = await keys.get("session", await addressesOf(sock, jid));
  const closed = Object.entries(stored).map(
    ([address, session]) => [address, closedRecord(session)] as const,
  );
  if (closed.length === 0) return;
  try {
    await keys.set({ session: Object.fromEntries(closed) });
  } catch (error) {
    if (!(error instanceof KeyTooLongError)) throw error;
    await keys.set({ session: Object.fromEntries(closed.map(([address]) => [address, null])) });
  }
}

/** Baileys keeps a session under the hidden id once it knows that, and under the number before. */
async function addressesOf({ authState, signalRepository }: WASocket, jid: string): Promise<string[]> {
  const { user, server } = jidDecode(jid) ?? {};
  if (user === undefined || server === undefined) return [];
  const { [user]: listed } = await authState.keys.get("device-list", [user]);
  const devices = new Set([...DEVICES, ...(listed ?? []).map(Number)]);
  const lids = await signalRepository.lidMapping.getLIDsForPNs([jidEncode(user, server, 0)]);
  const accounts = [{ user, server }, ...(lids ?? []).flatMap(({ lid }) => jidDecode(lid) ?? [])];
  return accounts.flatMap((account) =>
    [...devices].map((device) =>
      signalRepository.jidToSignalProtocolAddress(deviceJid(account.user, account.server, device)),
    ),
  );
}

function deviceJid(user: string, server: JidServer, device: number): string {
  if (device !== HOSTED) return jidEncode(user, server, device);
  return jidEncode(user, server === "lid" ? "hosted.lid" : "hosted", device);
}

function closedRecord(session: SignalDataTypeMap["session"]): SignalDataTypeMap["session"] {
  const record = SessionRecord.deserialize(session) as SessionRecord & ClosableRecord;
  const open = record.getOpenSession();
  if (open) record.closeSession(open);
  return record.serialize();
}
