// Starts the simulated WhatsApp from the command line and prints where it listens.
import "./quiet_console.ts";
import { parseArgs } from "node:util";
import { startSimulator } from "./server.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    "exit-with-stdin": { type: "boolean", default: false },
  },
});

const { ws, admin } = await startSimulator({ port: Number(values.port), seed: values.seed });
process.stdout.write(`${JSON.stringify({ ws, admin })}\n`);

if (values["exit-with-stdin"]) {
  process.stdin.on("close", () => process.exit(0)).resume();
}
