// Keeps Baileys from fetching unused app state and groups, under the lock of all sends or with a download.
import { buildAckStanza, getBinaryNodeChild } from "baileys";
import { log } from "../log.ts";
import type { Connection } from "./connection.ts";

/** Types that Baileys fetches as a whole, where a failure ends the process. */
const GROUPS: readonly (string | undefined)[] = ["groups", "communities"];

/**
 * A chat is touched on the phone, and WhatsApp says that the app state has changed. Baileys would ask for it,
 * again and again while no answer comes, and hold meanwhile the lock that each send needs.
 */
export function watchAppStateNotices(connection: Connection): void {
  const { sock } = connection;
  const settle = (sent: Promise<unknown>): void => {
    sent.catch((error: unknown) => {
      log.warn({ error }, "notice not acknowledged");
    });
  };
  connection.interceptStanza("notification", (node, pass) => {
    if (node.attrs["type"] === "server_sync") settle(sock.sendNode(buildAckStanza(node)));
    else pass();
  });
  connection.interceptStanza("ib,,dirty", (node, pass) => {
    const type = getBinaryNodeChild(node, "dirty")?.attrs["type"];
    if (GROUPS.includes(type)) settle(sock.cleanDirtyBits("groups"));
    else pass();
  });
  // Passed on only so that a line that is cut at this moment does not end the process.
  connection.interceptStanza("ib,,offline_preview", (_node, pass) => {
    pass();
  });
}
