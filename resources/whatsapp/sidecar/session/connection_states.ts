// Translates Baileys' connection updates into the wire's states.
import type { ConnectionState } from "baileys";
import type { IncomingMessage } from "node:http";
import { closeResult, UNAVAILABLE, upgradeCause } from "./close_result.ts";
import type { Connection } from "./connection.ts";

export function watchStates(connection: Connection): void {
  connection.on("creds.update", () => {
    connection.saveCredentials();
  });
  connection.on("connection.update", (update) => {
    emitUpdate(connection, update);
  });
  // Baileys waits for ever when the server refuses to open a web socket. The HTTP status may come from any proxy on the
  // way: it does not concern the account, as the same number would at a login.
  connection.sock.ws.on("unexpected-response", (_request: unknown, response: IncomingMessage) => {
    connection.finish(UNAVAILABLE, { cause: upgradeCause(response.statusCode) });
  });
}

function emitUpdate(connection: Connection, update: Partial<ConnectionState>): void {
  if (update.connection === "connecting") connection.emitState("connecting");
  if (update.isNewLogin === true) {
    connection.isPairing = false;
    connection.emitState("paired");
  }
  if (update.connection === "open") {
    connection.isOpen = true;
    connection.emitState("open");
  }
  if (update.receivedPendingNotifications === true) void connection.emitDrained();
  if (update.connection === "close") {
    const { code, ...details } = closeResult(update.lastDisconnect?.error);
    connection.finish(code, details);
  }
}
