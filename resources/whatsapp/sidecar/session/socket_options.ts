// Chooses Baileys' options for one socket.
import {
  Browsers,
  makeCacheableSignalKeyStore,
  type AuthenticationCreds,
  type SignalKeyStore,
  type UserFacingSocketConfig,
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
}

/** No `version`: the package's own, so that nothing has to be fetched. */
export function socketOptions(needs: SocketNeeds): UserFacingSocketConfig {
  return {
    ...needs.sending,
    waWebSocketUrl: needs.address,
    auth: {
      creds: needs.creds,
      keys: needs.gate(makeCacheableSignalKeyStore(needs.behind(needs.keys), log)),
    },
    logger: log,
    browser: Browsers.windows("Chrome"),
    countryCode: "BR",
    connectTimeoutMs: needs.params.connect_timeout_ms,
    defaultQueryTimeoutMs: needs.params.query_timeout_ms,
    keepAliveIntervalMs: 15_000,
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
