// Keeps the account unavailable on WhatsApp: while a linked device is available, the shop's phone does not ring.
import type { AuthenticationCreds, BaileysEventMap, BinaryNode } from "baileys";
import { log } from "../log.ts";
import type { Connection } from "./connection.ts";

/**
 * Holds back the presences without a type, which WhatsApp reads as available. Baileys sends one whenever the name in a
 * `creds.update` differs from the credentials', and a partial update has none.
 */
export function watchPresence(connection: Connection): void {
  const { ev } = connection.sock;
  const emit = ev.emit.bind(ev);
  ev.emit = <E extends keyof BaileysEventMap>(event: E, payload: BaileysEventMap[E]): boolean => {
    if (event !== "creds.update") return emit(event, payload);
    return emit("creds.update", adoptAccount(connection, payload as Partial<AuthenticationCreds>));
  };
  // Before `open`, so that Baileys' own `unavailable` has a name: without one it sends none.
  connection.onStanza("success", ({ attrs }: BinaryNode) => {
    const { me } = connection.creds;
    const name = attrs["display_name"];
    if (me && !isName(me.name) && isName(name)) connection.creds.me = { ...me, name };
  });
}

/** Puts the update's account into the credentials first; returns the update with the same account. */
function adoptAccount(
  connection: Connection,
  update: Partial<AuthenticationCreds>,
): Partial<AuthenticationCreds> {
  const { creds } = connection;
  if (!update.me) return creds.me ? { ...update, me: creds.me } : update;
  if (update.me === creds.me) return update;
  const { name: told, ...account } = update.me;
  const known = creds.me?.name;
  const name = [told, known].find(isName);
  creds.me = name === undefined ? account : { ...account, name };
  if (connection.isOpen && name !== undefined && name !== known) sendUnavailable(connection);
  return { ...update, me: creds.me };
}

/** WhatsApp shows others the name of the last presence. */
function sendUnavailable({ sock }: Connection): void {
  sock.sendPresenceUpdate("unavailable").catch((error: unknown) => {
    log.warn({ error }, "presence not sent");
  });
}

/** A telephone number, masked or not, and the `~` of a pairing code have no letter. */
function isName(text: string | undefined): text is string {
  return text !== undefined && /\p{L}/u.test(text);
}
