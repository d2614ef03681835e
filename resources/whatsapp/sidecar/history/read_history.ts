// Reads one history that the shop's phone pushed, from its kept notice to the stored tokens and account ids.
import { log } from "../log.ts";
import type { HistoryOutcome } from "../protocol/requests.ts";
import type { Wire } from "../protocol/wire.ts";
import { Failure } from "../rpc/failure.ts";
import type { Connection } from "../session/connection.ts";
import { download } from "./download.ts";
import { readHistoryContent } from "./history_content.ts";
import { openNotice } from "./history_notice.ts";
import { decryptFile, inflateHistory } from "./open_file.ts";
import { storeHistory } from "./store_history.ts";
import { UnusableError } from "./unusable.ts";

/** Runs on Python's request, so outside every transaction of Baileys and outside the receipt of any message. */
export async function readHistory(
  connection: Connection | null,
  wire: Wire,
  mediaOrigin: string,
  notice: string,
): Promise<HistoryOutcome> {
  const isOpen = (): boolean => connection?.isOpen === true;
  if (!connection || !isOpen()) throw new Failure("not_connected");
  try {
    const compressed = await payloadOf(notice, mediaOrigin, connection.queryTimeoutMs);
    const history = parsed(await inflateHistory(compressed));
    // The next connection has a cache of its own, which would not learn of these tokens.
    if (!isOpen()) return { outcome: "failed" };
    await storeHistory(connection.sock, wire, history);
    return { outcome: "read" };
  } catch (error) {
    log.warn({ error }, "history not read");
    return { outcome: error instanceof UnusableError ? "unusable" : "failed" };
  }
}

async function payloadOf(text: string, origin: string, stalledAfterMs: number): Promise<Uint8Array> {
  const notice = unlessMalformed(() => openNotice(text));
  const { initialHistBootstrapInlinePayload: inline, directPath, mediaKey, fileEncSha256 } = notice;
  if (inline && inline.length > 0) return inline;
  if (!directPath || !mediaKey || !fileEncSha256) throw new UnusableError("the notice names no file");
  return decryptFile(await download(origin, directPath, stalledAfterMs), mediaKey, fileEncSha256);
}

function parsed(bytes: Uint8Array): ReturnType<typeof readHistoryContent> {
  return unlessMalformed(() => readHistoryContent(bytes));
}

function unlessMalformed<T>(read: () => T): T {
  try {
    return read();
  } catch {
    throw new UnusableError("malformed");
  }
}
