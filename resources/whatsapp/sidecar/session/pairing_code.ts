// Asks for the eight characters to be typed on the phone instead of scanning.
import { Failure } from "../rpc/failure.ts";
import { steadyClock, type Clock } from "../steady_clock.ts";
import type { Connection } from "./connection.ts";

const AGREED = "iq,type:result,link_code_companion_reg";
const REFUSED = "iq,type:error";

/**
 * Only while a QR is on offer: before it the server would not understand, after pairing it makes no sense. Baileys
 * gives a code at once, whatever WhatsApp thinks of it; here it counts once WhatsApp has agreed.
 */
export async function pairingCode(
  connection: Connection | null,
  number: string,
  clock: Clock = steadyClock,
): Promise<{ code: string }> {
  if (connection?.awaitsPairing !== true) throw new Failure("not_connected");
  const agreed = agreement(connection, clock);
  const code = await connection.sock.requestPairingCode(number.slice(1));
  if (!(await agreed)) throw new Failure("code_refused");
  return { code };
}

/** False where WhatsApp refuses or says nothing, or the connection ends. */
function agreement(connection: Connection, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = clock.after(connection.queryTimeoutMs, () => {
      resolve(false);
    });
    const settle = (agreed: boolean) => () => {
      cancel();
      resolve(agreed);
    };
    connection.onStanza(AGREED, settle(true));
    connection.onStanza(REFUSED, settle(false));
    connection.onFinished(settle(false));
  });
}
