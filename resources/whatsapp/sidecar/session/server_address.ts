// Decides which server may be connected to.
import { DEFAULT_CONNECTION_CONFIG } from "baileys";
import { Failure } from "../rpc/failure.ts";

const MEDIA_ORIGIN = "https://mmg.whatsapp.net";
const LOOPBACK_HOSTS = new Set(["127.0.0.1", "[::1]", "localhost"]);

/**
 * Returns the one built-in address, or a simulated server on this machine. A server on this machine may choose the root
 * that its certificate chain is checked against, so any other address would be an open door.
 */
export function serverAddress(simulatedUrl: string | null): string {
  if (simulatedUrl === null) return DEFAULT_CONNECTION_CONFIG.waWebSocketUrl.toString();
  if (!URL.canParse(simulatedUrl)) throw new Failure("address_refused");
  const { protocol, hostname, username, password } = new URL(simulatedUrl);
  const loopback = protocol === "ws:" && LOOPBACK_HOSTS.has(hostname) && username === "" && password === "";
  if (!loopback) throw new Failure("address_refused");
  return simulatedUrl;
}

/** Returns the origin of the one media server; a simulated WhatsApp serves its own files. */
export function mediaOrigin(simulatedUrl: string | null): string {
  return simulatedUrl === null ? MEDIA_ORIGIN : `http://${new URL(serverAddress(simulatedUrl)).host}`;
}
