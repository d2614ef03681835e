// Starts the simulated WhatsApp from the command line and prints its addresses.
import "./console_guard.ts";
import "../runtime/crypto_keys.ts";
import { parseArgs } from "node:util";
import { requestList } from "./admin/manual.ts";
import { startSimulator } from "./server.ts";

const HELP = `A simulated WhatsApp on 127.0.0.1, for programs that use Baileys.

  --port N           listen there; 0 (default) takes a free port
  --seed TEXT        the same text gives the customers the same hidden ids (default 1)
  --exit-with-stdin  end when the standard input ends
  --help             this text

It prints one line: {"ws": the address for Baileys' waWebSocketUrl, "admin": the address for these requests}.

${requestList()}

Faults, options and examples are in the simulator's README.
`;

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    "exit-with-stdin": { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

async function serve(): Promise<void> {
  const { ws, admin } = await startSimulator({ port: Number(values.port), seed: values.seed });
  process.stdout.write(`${JSON.stringify({ ws, admin })}\n`);
  if (values["exit-with-stdin"]) {
    process.stdin.on("close", () => process.exit(0)).resume();
  }
}

if (values.help) {
  process.stdout.write(HELP);
} else {
  await serve();
}
