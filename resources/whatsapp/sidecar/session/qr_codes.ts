// Emits the QR texts to be scanned, always with the secret that is valid now.
import { randomBytes } from "node:crypto";
import type { BinaryNode } from "baileys";
import { log } from "../log.ts";
import type { Clock } from "../steady_clock.ts";
import type { Connection } from "./connection.ts";

// Baileys' own lifetimes: WhatsApp shows the first code longer than those after it.
const FIRST_LIFETIME_MS = 60_000;
const NEXT_LIFETIME_MS = 20_000;
const SECRET_FIELD = 3;

export function watchQrCodes(connection: Connection, clock: Clock): void {
  let current: { text: string; until: number } | null = null;
  const emitQr = (qr: string, lifetimeMs: number): void => {
    connection.emit("qr", { text: withSecret(qr, connection.creds.advSecretKey), lives_ms: lifetimeMs });
  };
  connection.on("connection.update", ({ qr }) => {
    if (qr === undefined) return;
    const lifetimeMs = current === null ? FIRST_LIFETIME_MS : NEXT_LIFETIME_MS;
    current = { text: qr, until: clock.now() + lifetimeMs };
    connection.isPairing = true;
    emitQr(qr, lifetimeMs);
  });
  connection.onStanza("notification,type:companion_reg_refresh", (node) => {
    connection.emit("pairing_notice", { kind: "registration_refresh" });
    if (current === null || !connection.isPairing) return;
    renewSecret(connection, node);
    emitQr(current.text, Math.max(0, current.until - clock.now()));
  });
  for (const type of ["passkey_prologue_request", "crsc_continuation"]) {
    connection.onStanza(`notification,type:${type}`, () => {
      connection.emit("pairing_notice", { kind: "passkey" });
    });
  }
}

/** The phone has retired the secret in the QR on the screen; Baileys neither renews it nor answers. */
function renewSecret(connection: Connection, { attrs }: BinaryNode): void {
  connection.creds.advSecretKey = randomBytes(32).toString("base64");
  connection.saveCredentials();
  const { id = "", from = "", type = "" } = attrs;
  const ack = { tag: "ack", attrs: { id, to: from, class: "notification", type } };
  connection.sock.sendNode(ack).catch((error: unknown) => {
    log.warn({ error }, "registration refresh not acknowledged");
  });
}

export function withSecret(qr: string, secret: string): string {
  const fields = qr.split(",");
  fields[SECRET_FIELD] = secret;
  return fields.join(",");
}
