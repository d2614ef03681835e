// Serves uploaded files, or fails to in the ways that a download must survive.
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import type { FaultKind } from "../world/faults.ts";
import type { Network } from "../world/network.ts";

const NOT_FOUND = 404;
const ENDLESS_CHUNK = Buffer.alloc(64 * 1024);

const BROKEN_ANSWERS: Partial<Record<FaultKind, (response: ServerResponse, file: Buffer) => void>> = {
  media_silent: () => undefined,
  media_cut: (response, file) => {
    response.writeHead(200, { "content-length": file.length });
    response.write(file.subarray(0, file.length / 2), () => response.destroy());
  },
  media_spoiled: (response, file) => {
    const spoiled = Buffer.from(file);
    const middle = Math.floor(spoiled.length / 2);
    spoiled[middle] = (spoiled[middle] ?? 0) ^ 0xff;
    response.end(spoiled);
  },
  media_endless: (response) => {
    response.on("error", () => response.destroy());
    new Readable({
      read() {
        this.push(ENDLESS_CHUNK);
      },
    }).pipe(response);
  },
};

export function serveMedia(network: Network, request: IncomingMessage, response: ServerResponse): void {
  network.counters.downloads += 1;
  const file = network.mediaFiles.get(request.url?.split("?")[0] ?? "");
  const error = network.faults.trigger("media_error");
  if (error || !file) {
    response.writeHead(error?.code ?? NOT_FOUND).end();
    return;
  }
  for (const [kind, answer] of Object.entries(BROKEN_ANSWERS)) {
    if (network.faults.trigger(kind as FaultKind)) {
      answer(response, file);
      return;
    }
  }
  response.end(file);
}
