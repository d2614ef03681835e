// Chooses the WhatsApp Web version that this client announces.
import { DEFAULT_CONNECTION_CONFIG, fetchLatestWaWebVersion, type WAVersion } from "baileys";
import type { Params } from "../protocol/requests.ts";

const LOOK_UP_TIMEOUT_MS = 8000;

type VersionParams = Pick<
  Params<"connect">,
  "version" | "known_version" | "look_up_version" | "simulated_url"
>;
export type LookUp = () => Promise<{ version: WAVersion; isLatest: boolean }>;

const lookUpAtWhatsApp: LookUp = () =>
  fetchLatestWaWebVersion({ signal: AbortSignal.timeout(LOOK_UP_TIMEOUT_MS) });

/**
 * Prefers the version set by hand; else, where Python asks for a look-up, WhatsApp's own; else the newer of the
 * package's and the last one that worked. A look-up is never made for a simulated WhatsApp.
 */
export async function clientVersion(
  params: VersionParams,
  lookUp: LookUp = lookUpAtWhatsApp,
): Promise<WAVersion> {
  if (params.version !== null) return parsed(params.version);
  if (params.look_up_version && params.simulated_url === null) {
    const { version, isLatest } = await lookUp();
    if (isLatest) return version;
  }
  const own = DEFAULT_CONNECTION_CONFIG.version;
  const known = params.known_version === null ? own : parsed(params.known_version);
  return isNewer(known, own) ? known : own;
}

export function versionText(version: WAVersion): string {
  return version.join(".");
}

function parsed(text: string): WAVersion {
  const [first = 0, second = 0, third = 0] = text.split(".").map(Number);
  return [first, second, third];
}

function isNewer(one: WAVersion, other: WAVersion): boolean {
  const differs = one.findIndex((part, place) => part !== other[place]);
  return differs >= 0 && (one[differs] ?? 0) > (other[differs] ?? 0);
}
