// Reads pairs of number and account id from the list that the shop's phone sends when chats move to account ids.
import { proto } from "baileys";
import { log } from "../log.ts";
import type { Mapping } from "../protocol/host_requests.ts";
import { lidOfJid, numberOfJid } from "./account_ids.ts";

/** Returns the pairs in a protocol message of the shop's own phone; they may be out of date. */
export function mappingsInMigration(message: proto.Message.IProtocolMessage): Mapping[] {
  const payload = message.lidMigrationMappingSyncMessage?.encodedMappingPayload;
  if (!payload) return [];
  try {
    const { pnToLidMappings } = proto.LIDMigrationMappingSyncPayload.decode(payload);
    return pnToLidMappings.flatMap(({ pn, latestLid, assignedLid }) =>
      pairOf(`${String(pn)}@s.whatsapp.net`, `${String(latestLid ?? assignedLid)}@lid`),
    );
  } catch (error) {
    log.warn({ error }, "migrated chats not read");
    return [];
  }
}

function pairOf(pnJid: string, lidJid: string): Mapping[] {
  const [number, lid] = [numberOfJid(pnJid), lidOfJid(lidJid)];
  return number === null || lid === null ? [] : [{ number, lid, username: null, live: false }];
}
