// Emits WhatsApp's own time, which it sends at each login.
import type { Connection } from "./connection.ts";

// 2020 and 2100 in Unix seconds: a value outside is no time that WhatsApp could mean.
const EARLIEST = 1_577_836_800;
const LATEST = 4_102_444_800;

export function watchServerTime(connection: Connection): void {
  connection.onStanza("success", ({ attrs }) => {
    const seconds = Number(attrs["t"]);
    // The PC's clock must never stand in for it: Python checks that clock by this time.
    if (!Number.isInteger(seconds) || seconds < EARLIEST || seconds > LATEST) return;
    connection.emit("server_time", { at: seconds * 1000 });
  });
}
