// Chooses Baileys' options for one socket.
import {
  Browsers,
  makeCacheableSignalKeyStore,
  type AuthenticationCreds,
  type SignalKeyStore,
  type UserFacingSocketConfig,
  type WABrowserDescription,
  type WAVersion,
} from "baileys";
import { log } from "../log.ts";
import type { Params } from "../protocol/requests.ts";
import type { DeviceCache } from "./device_cache.ts";

/** What the rooms that send messages want to know of the socket's inside. */
export type SendingOptions = Pick<UserFacingSocketConfig, "makeSignalRepository" | "getMessage">;

export interface SocketNeeds {
  address: string;
  creds: AuthenticationCreds;
  keys: SignalKeyStore;
  /** Wraps the cached key store, so that the wrapper sees every look-up. */
  gate: (keys: SignalKeyStore) => SignalKeyStore;
  /** Wraps the key store under the cache, where only what goes to the disk passes. */
  behind: (keys: SignalKeyStore) => SignalKeyStore;
  devices: DeviceCache;
  sending: SendingOptions;
  params: Params<"connect">;
  version: WAVersion;
}

/** Programs that WhatsApp knows; some accounts refuse any other. */
const BROWSERS: Record<Params<"connect">["browser"], WABrowserDescription> = {
  windows_chrome: Browsers.windows("Chrome"),
  macos_chrome: Browsers.macOS("Chrome"),
  ubuntu_chrome: Browsers.ubuntu("Chrome"),
};
// Baileys' own watch goes by the PC's clock, and a clock that is set would end a good connection: Python asks instead.
const NEVER_MS = 2 ** 31 - 1;

export function socketOptions(needs: SocketNeeds): UserFacingSocketConfig {
  return {
    ...needs.sending,
    waWebSocketUrl: needs.address,
    auth: {
      creds: needs.creds,
      keys: needs.gate(makeCacheableSignalKeyStore(needs.behind(needs.keys), log)),
    },
    logger: log,
    version: needs.version,
    browser: BROWSERS[needs.params.browser],
    countryCode: "BR",
    connectTimeoutMs: needs.params.connect_timeout_ms,
    defaultQueryTimeoutMs: needs.params.query_timeout_ms,
    keepAliveIntervalMs: NEVER_MS,
    // The key store tries again by itself, in the order of the changes.
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 200 },
    // With own events on, a fast refusal is merged into the message's own event and lost.
    emitOwnEvents: false,
    // Else the shop's phone would stop ringing.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    generateHighQualityLinkPreview: false,
    userDevicesCache: needs.devices,
  };
}
