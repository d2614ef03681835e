// Opens a socket to WhatsApp with the given credentials.
import { makeWASocket } from "baileys";
import { expectHandshake } from "../noise/certificate_check.ts";
import type { Params } from "../protocol/requests.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Clock } from "../steady_clock.ts";
import { watchAccountSync } from "./account_sync.ts";
import { serverAddress } from "./server_address.ts";
import { watchAppStateNotices } from "./app_state_notices.ts";
import { Connection } from "./connection.ts";
import { CredentialSaver } from "./credential_saver.ts";
import { openCredentials } from "./credentials.ts";
import type { DeviceCache } from "./device_cache.ts";
import type { WireKeyStore } from "./key_store.ts";
import { watchPresence } from "./presence.ts";
import { watchQrCodes } from "./qr_codes.ts";
import { watchRestrictions } from "./restrictions.ts";
import { watchServerTime } from "./server_time.ts";
import { socketOptions, type SocketDependencies } from "./socket_options.ts";
import { watchTlsRefusal } from "./system_certificates.ts";
import { watchStates } from "./connection_states.ts";

export interface ConnectDependencies extends Pick<
  SocketDependencies,
  "sending" | "version" | "wrapCachedKeys" | "wrapStoredKeys"
> {
  wire: Wire;
  clock: Clock;
  keys: WireKeyStore;
  devices: DeviceCache;
  /** Attaches the listeners of other folders. */
  watch: (connection: Connection) => void;
}

/** Synchronous to the end: offline messages arrive before `open`, and listeners attached later would miss them. */
export function connect(params: Params<"connect">, dependencies: ConnectDependencies): Connection {
  const address = serverAddress(params.simulated_url);
  const creds = openCredentials(params.credentials);
  const sock = makeWASocket(socketOptions({ ...dependencies, address, creds, params }));
  const credentialSaver = new CredentialSaver(dependencies.wire);
  const connection = new Connection(
    params.generation,
    params.query_timeout_ms,
    sock,
    creds,
    dependencies.wire,
    credentialSaver,
  );
  expectHandshake(sock, params.simulated_url !== null, (cause) => {
    connection.finish(null, { cause });
  });
  watchTlsRefusal(sock);
  watchPresence(connection);
  watchAccountSync(connection, dependencies.devices);
  watchAppStateNotices(connection);
  dependencies.watch(connection);
  watchQrCodes(connection, dependencies.clock);
  watchRestrictions(connection);
  watchServerTime(connection);
  watchStates(connection);
  return connection;
}
