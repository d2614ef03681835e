// Answers a client's questions about settings: properties, block list, privacy, app state.
import { getBinaryNodeChildren } from "baileys";
import { child, node, type Node } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { content, type Reply } from "../stream/reply.ts";

const PROPERTIES_HASH = "sim1";
/** Trusted-contact tokens: on 1:1 messages, on profile pictures, issued to hidden ids. */
const PROPERTIES: Record<string, string> = { 10518: "true", 9666: "true", 14303: "false" };
const PRIVACY: Record<string, string> = {
  last: "all",
  online: "all",
  profile: "all",
  status: "all",
  groupadd: "all",
  calladd: "all",
};

export function properties(): Reply {
  const values = Object.entries(PROPERTIES).map(([config_code, config_value]) =>
    node("prop", { config_code, config_value }),
  );
  return content(node("props", { hash: PROPERTIES_HASH }, values));
}

export function blockList(): Reply {
  return content(node("list", {}, []));
}

export function privacy(network: Network, device: LinkedDevice): Reply {
  const readreceipts = network.world.account(device.account.user)?.readReceipts === false ? "none" : "all";
  const values = Object.entries({ ...PRIVACY, readreceipts }).map(([name, value]) =>
    node("category", { name, value }),
  );
  return content(node("privacy", {}, values));
}

export function privacyTokens(): Reply {
  return content(node("tokens", {}, []));
}

/** No server listens at this host: the simulator has no media. */
export function mediaConnection(): Reply {
  const host = node("host", { hostname: "localhost" });
  return content(node("media_conn", { auth: "none", ttl: "3600", auth_ttl: "3600" }, [host]));
}

/** Every collection is empty. */
export function appState(_network: Network, _device: LinkedDevice, iq: Node): Reply {
  const asked = getBinaryNodeChildren(child(iq, "sync"), "collection");
  const collections = asked.map(({ attrs }) =>
    node("collection", { name: attrs["name"], version: attrs["version"] ?? "0" }),
  );
  return content(node("sync", {}, collections));
}
