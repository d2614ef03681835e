// Closes a socket for good, also where the other side does not answer.
import type { WASocket } from "baileys";
import { steadyClock, type Clock } from "../steady_clock.ts";

// On a dead network the closing handshake of the web socket alone would take half a minute.
const CLOSE_TIMEOUT_MS = 5000;

/** The underlying web socket, which Baileys' type does not show. */
interface RawSocket {
  socket?: { terminate?: () => void } | null;
}

export function closeSocket(sock: WASocket, clock: Clock = steadyClock): void {
  const { socket } = sock.ws as unknown as RawSocket;
  const cancelTerminate = clock.after(CLOSE_TIMEOUT_MS, () => socket?.terminate?.());
  void sock.end(undefined).finally(cancelTerminate);
}
