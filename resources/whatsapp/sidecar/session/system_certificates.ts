// Adds the operating system's certificates to Node's own, once TLS has refused a server with those alone.
import tls from "node:tls";
import type { WASocket } from "baileys";
import { log } from "../log.ts";
import { networkCause } from "./close_result.ts";

let refusedByTls = false;
let added = false;

/** Records whether TLS refuses the certificate of this socket's server. */
export function watchTlsRefusal({ ws }: Pick<WASocket, "ws">): void {
  ws.on("error", (error: Error) => {
    if (networkCause(error) === "certificate") refusedByTls = true;
  });
}

/**
 * Makes Node trust the system's certificates too, for the rest of this process, if that is allowed and TLS has refused
 * a server without them. It can be allowed because TLS is not what WhatsApp is known by: noise/certificate_check.ts is.
 */
export function addSystemCertificates(allowed: boolean): void {
  if (!allowed || !refusedByTls || added) return;
  try {
    tls.setDefaultCACertificates([...tls.getCACertificates("default"), ...tls.getCACertificates("system")]);
    added = true;
    log.warn({}, "system certificates added after a refused one");
  } catch (error) {
    log.error({ error }, "system certificates not added");
  }
}
