// Tests that the program in the README does what the README says.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { startSimulator } from "../server.ts";
import { AdminClient } from "./admin_client.ts";
import { waitUntil } from "./event_recorder.ts";

const PACKAGES = fileURLToPath(new URL("../../node_modules", import.meta.url));

async function writeExample(folder: string): Promise<string> {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const program = join(folder, "example.mjs");
  await writeFile(program, /```js\n([^]*?)```/.exec(readme)?.[1] ?? "");
  await symlink(PACKAGES, join(folder, "node_modules"), "junction");
  return program;
}

test("the example links itself and writes to a customer", async () => {
  const simulator = await startSimulator({ port: 0, seed: "readme" });
  const folder = await mkdtemp(join(tmpdir(), "simulated-whatsapp-"));
  const { ws, admin } = simulator;
  const program = await writeExample(folder);
  const child = spawn(process.execPath, [program, JSON.stringify({ ws, admin })], { cwd: folder });
  const ended = once(child, "exit");
  const phone = new AdminClient(admin);
  try {
    await waitUntil(async () => {
      const { messages } = await phone.messages();
      return messages.some(({ number, text }) => number === "+5573988880001" && text === "Pronto!");
    });
  } finally {
    child.kill();
    await ended;
    await simulator.close();
    await rm(folder, { recursive: true });
  }
  assert.equal(child.exitCode, null);
});
