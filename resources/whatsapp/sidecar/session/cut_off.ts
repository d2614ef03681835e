// Ends a socket for good, also where the other side is not there to agree.
import type { WASocket } from "baileys";
import { steadyClock, type Clock } from "../steady_clock.ts";

// On a dead network the closing handshake of the web socket alone would take half a minute.
const GOODBYE_MS = 5000;

/** The line itself, which Baileys' type does not show. */
interface Line {
  socket?: { terminate?: () => void } | null;
}

export function cutOff(sock: WASocket, clock: Clock = steadyClock): void {
  const { socket } = sock.ws as unknown as Line;
  const keep = clock.after(GOODBYE_MS, () => socket?.terminate?.());
  void sock.end(undefined).finally(keep);
}
