// Tests of the simulator as a program of its own.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { test } from "node:test";

test("the program prints its loopback addresses and ends with its stdin", async () => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`, "--exit-with-stdin"]);
  const lines = createInterface(child.stdout);
  const [line] = (await once(lines, "line")) as [string];
  const { ws, admin } = JSON.parse(line) as { ws: string; admin: string };
  assert.match(ws, /^ws:\/\/127\.0\.0\.1:\d+\/ws\/chat$/);
  assert.match(admin, /^http:\/\/127\.0\.0\.1:\d+\/admin$/);
  assert.equal((await fetch(`${admin}/stats`)).status, 200);
  child.stdin.end();
  assert.deepEqual(await once(child, "exit"), [0, null]);
});

test("--help prints the manual and starts no server", async () => {
  const child = spawn(process.execPath, [`${import.meta.dirname}/main.ts`, "--help"]);
  const said = await child.stdout.toArray();
  const help = Buffer.concat(said as Buffer[]).toString();
  for (const word of ["--port", "--seed", "--exit-with-stdin", "POST /admin/pair-code {code, number?}"]) {
    assert.ok(help.includes(word), word);
  }
});
