// Closes the Signal sessions with a customer's devices: nothing is encrypted in them any more, what comes is still read.
import { jidDecode, jidEncode, type SignalDataTypeMap, type WASocket } from "baileys";
import { SessionRecord } from "libsignal";

/** What libsignal has and its declarations leave out. */
interface ClosableRecord {
  getOpenSession(): object | undefined;
  closeSession(session: object): void;
  serialize(): SignalDataTypeMap["session"];
}

/** Those with the devices that WhatsApp listed last; resolves when they are closed on disk. */
export async function closeSessions(sock: WASocket, jid: string): Promise<void> {
  const { keys } = sock.authState;
  const kept = await keys.get("session", await addressesOf(sock, await knownDevices(sock, jid)));
  const closed = Object.entries(kept).map(([address, session]) => [address, closedRecord(session)] as const);
  if (closed.length > 0) await keys.set({ session: Object.fromEntries(closed) });
}

async function knownDevices(sock: WASocket, jid: string): Promise<string[]> {
  const { user, server } = jidDecode(jid) ?? {};
  if (user === undefined || server === undefined) return [];
  const { [user]: listed } = await sock.authState.keys.get("device-list", [user]);
  return ["0", ...(listed ?? [])].map((device) => jidEncode(user, server, Number(device)));
}

/** Baileys keeps a session under the hidden id once it knows that, and under the number before. */
async function addressesOf({ signalRepository }: WASocket, devices: string[]): Promise<string[]> {
  const hidden = await signalRepository.lidMapping.getLIDsForPNs(devices);
  const jids = new Set([...devices, ...(hidden ?? []).map(({ lid }) => lid)]);
  return [...jids].map((device) => signalRepository.jidToSignalProtocolAddress(device));
}

function closedRecord(session: SignalDataTypeMap["session"]): SignalDataTypeMap["session"] {
  const record = SessionRecord.deserialize(session) as SessionRecord & ClosableRecord;
  const open = record.getOpenSession();
  if (open) record.closeSession(open);
  return record.serialize();
}
