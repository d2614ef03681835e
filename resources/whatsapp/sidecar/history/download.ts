// Downloads a file from WhatsApp's media server, bounded in size and time.
import { UnusableError } from "./unusable.ts";

const MAX_FILE_BYTES = 24 * 1024 * 1024;
const MAX_DOWNLOAD_MS = 5 * 60_000;
/** The server has the file no more, or not for this address. */
const GONE = new Set([403, 404, 410]);
const PATH = /^\/(?![/\\])/;

/**
 * Baileys' own download waits for ever on a silent host, and a cut line ends the process. The host is never taken from
 * the message.
 */
export async function download(origin: string, path: string, stalledAfterMs: number): Promise<Buffer> {
  if (!PATH.test(path)) throw new UnusableError("no path of this host");
  const stall = new AbortController();
  const timer = setTimeout(() => {
    stall.abort();
  }, stalledAfterMs);
  try {
    const signal = AbortSignal.any([stall.signal, AbortSignal.timeout(MAX_DOWNLOAD_MS)]);
    const response = await fetch(`${origin}${path}`, { signal, redirect: "error" });
    if (GONE.has(response.status)) throw new UnusableError("the file is gone");
    if (!response.ok || !response.body) throw new Error("the download was refused");
    return await read(response.body, timer);
  } finally {
    clearTimeout(timer);
  }
}

async function read(body: AsyncIterable<Uint8Array>, timer: NodeJS.Timeout): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    timer.refresh();
    size += chunk.length;
    if (size > MAX_FILE_BYTES) throw new UnusableError("the file is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
