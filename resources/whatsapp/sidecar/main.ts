// Entry point of the sidecar: the wire on stdin and stdout, WhatsApp behind it.
// This import comes first: it takes stdout and the console away from all modules that follow.
import { writeLine } from "./stdout_guard.ts";
import "../runtime/crypto_keys.ts";
import { exitOnUncaughtErrors, exitOnStdinEnd } from "./process_exit.ts";
import { log } from "./log.ts";
import { LineDecoder } from "./rpc/line_codec.ts";
import { Peer } from "./rpc/peer.ts";
import { makeMethods } from "./wire_methods.ts";
import { WhatsAppSession } from "./whatsapp_session.ts";

exitOnUncaughtErrors();

const peer = new Peer(writeLine, (error) => {
  log.error({ error }, "request failed");
});
const whatsapp = new WhatsAppSession(peer);
peer.serve(makeMethods(whatsapp));

const decoder = new LineDecoder();
process.stdin.on("data", (chunk: Buffer) => {
  for (const line of decoder.push(chunk)) peer.receive(line);
});
exitOnStdinEnd(() => {
  whatsapp.connection?.finish(null);
});
