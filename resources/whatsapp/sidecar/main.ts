// Starts the sidecar: the wire on stdin and stdout, WhatsApp behind it.
// This import comes first: it takes stdout and the console away from all that follow.
import { writeLine } from "./stdout_guard.ts";
import "../runtime/quick_keys.ts";
import { exitOnUncaughtErrors, exitOnStdinEnd } from "./process_exit.ts";
import { log } from "./log.ts";
import { LineDecoder } from "./rpc/line_codec.ts";
import { Peer } from "./rpc/peer.ts";
import { makeService } from "./service.ts";
import { WhatsApp } from "./whatsapp.ts";

exitOnUncaughtErrors();

const peer = new Peer(writeLine, (error) => {
  log.error({ error }, "request failed");
});
const whatsapp = new WhatsApp(peer);
peer.serve(makeService(whatsapp));

const decoder = new LineDecoder();
process.stdin.on("data", (chunk: Buffer) => {
  for (const line of decoder.push(chunk)) peer.receive(line);
});
exitOnStdinEnd(() => {
  whatsapp.connection?.finish(null);
});
