// Asks for the eight characters to be typed on the phone instead of scanning.
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "./connection.ts";

/** Only while a QR is on offer: before it the server would not understand, after pairing it makes no sense. */
export async function pairingCode(connection: Connection | null, number: string): Promise<{ code: string }> {
  if (connection?.awaitsPairing !== true) throw new Failure("not_connected");
  return { code: await connection.sock.requestPairingCode(number.slice(1)) };
}
