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

/** Socket options that the messages folder provides. */
export type SendingOptions = Pick<UserFacingSocketConfig, "makeSignalRepository" | "getMessage">;

export interface SocketDependencies {
  address: string;
  creds: AuthenticationCreds;
  keys: SignalKeyStore;
  /** Wraps the cached key store, so that the wrapper sees every look-up. */
  wrapCachedKeys: (keys: SignalKeyStore) => SignalKeyStore;
  /** Wraps the key store under the cache, where only values for the disk pass. */
  wrapStoredKeys: (keys: SignalKeyStore) => SignalKeyStore;
  devices: DeviceCache;
  sending: SendingOptions;
  params: Params<"connect">;
  version: WAVersion;
}

/** Browsers that WhatsApp knows; some accounts refuse any other. */
const BROWSERS: Record<Params<"connect">["browser"], WABrowserDescription> = {
  windows_chrome: Browsers.windows("Chrome"),
  macos_chrome: Browsers.macOS("Chrome"),
  ubuntu_chrome: Browsers.ubuntu("Chrome"),
};
// Baileys' own keep-alive goes by the PC's clock, and a clock that is set would end a good connection: Python probes
// instead.
const NEVER_MS = 2 ** 31 - 1;

export function socketOptions(dependencies: SocketDependencies): UserFacingSocketConfig {
  return {
    ...dependencies.sending,
    waWebSocketUrl: dependencies.address,
    auth: {
      creds: dependencies.creds,
      keys: dependencies.wrapCachedKeys(
        makeCacheableSignalKeyStore(dependencies.wrapStoredKeys(dependencies.keys), log),
      ),
    },
    logger: log,
    version: dependencies.version,
    browser: BROWSERS[dependencies.params.browser],
    countryCode: "BR",
    connectTimeoutMs: dependencies.params.connect_timeout_ms,
    defaultQueryTimeoutMs: dependencies.params.query_timeout_ms,
    keepAliveIntervalMs: NEVER_MS,
    // The key store retries by itself, in the order of the changes.
    transactionOpts: { maxCommitRetries: 1, delayBetweenTriesMs: 200 },
    // With own events on, a fast refusal is merged into the message's own event and lost.
    emitOwnEvents: false,
    // Otherwise the shop's phone would stop ringing; presence.ts holds back the presences that Baileys sends besides.
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    generateHighQualityLinkPreview: false,
    userDevicesCache: dependencies.devices,
  };
}
