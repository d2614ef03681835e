// Reads pairs of number and account id from the chats that the shop's phone pushes at linking.
import { promisify } from "node:util";
import { inflate } from "node:zlib";
import { proto } from "baileys";
import { log } from "../log.ts";
import type { Mapping } from "../protocol/host_requests.ts";
import { lidOfJid, numberOfJid } from "./account_ids.ts";

const decompress = promisify(inflate);
/** Bound against a payload that grows without end. */
const MAX_HISTORY_BYTES = 32 * 1024 * 1024;

/**
 * Returns the pairs in a protocol message of the shop's own phone. They may be out of date; histories that WhatsApp
 * offers as a download are not fetched.
 */
export async function mappingsInProtocolMessage(message: proto.Message.IProtocolMessage): Promise<Mapping[]> {
  try {
    const payload = message.historySyncNotification?.initialHistBootstrapInlinePayload;
    if (payload) return mappingsInHistory(await decompress(payload, { maxOutputLength: MAX_HISTORY_BYTES }));
    const migration = message.lidMigrationMappingSyncMessage?.encodedMappingPayload;
    return migration ? mappingsInMigration(migration) : [];
  } catch (error) {
    log.warn({ error }, "pushed chats not read");
    return [];
  }
}

function mappingsInHistory(history: Uint8Array): Mapping[] {
  const { phoneNumberToLidMappings, conversations } = proto.HistorySync.decode(history);
  return [
    ...phoneNumberToLidMappings.flatMap(({ pnJid, lidJid }) => pairOf(pnJid, lidJid)),
    ...conversations.flatMap(({ id, pnJid, lidJid }) => pairOf(pnJid ?? id, lidJid ?? id)),
  ];
}

function mappingsInMigration(payload: Uint8Array): Mapping[] {
  const { pnToLidMappings } = proto.LIDMigrationMappingSyncPayload.decode(payload);
  return pnToLidMappings.flatMap(({ pn, latestLid, assignedLid }) =>
    pairOf(`${String(pn)}@s.whatsapp.net`, `${String(latestLid ?? assignedLid)}@lid`),
  );
}

function pairOf(pnJid: string | null | undefined, lidJid: string | null | undefined): Mapping[] {
  const [number, lid] = [numberOfJid(pnJid ?? undefined), lidOfJid(lidJid ?? undefined)];
  return number === null || lid === null ? [] : [{ number, lid, username: null, live: false }];
}
