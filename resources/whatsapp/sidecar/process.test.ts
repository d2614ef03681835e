// Tests of the sidecar as a process.
import assert from "node:assert/strict";
import { spawn, spawnSync, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, beforeEach, describe, it } from "node:test";
import { PING_PARAMS, CONNECT_DEFAULTS } from "./testing/test_host.ts";
import manifest from "../package.json" with { type: "json" };

const MAIN = new URL("main.ts", import.meta.url).pathname;
let child: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;
let errors = "";

beforeEach(() => {
  child = spawn(process.execPath, [MAIN], { env: {} });
  lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  errors = "";
  child.stderr.on("data", (chunk: Buffer) => (errors += chunk.toString()));
});

afterEach(() => {
  child.kill("SIGKILL");
});

async function ask(method: string, params: object, id = 1): Promise<Record<string, unknown>> {
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id, method, params })}\n`);
  const line = await lines.next();
  return JSON.parse(line.value as string) as Record<string, unknown>;
}

async function exitCode(limitMs: number): Promise<unknown> {
  const [code] = (await once(child, "exit", { signal: AbortSignal.timeout(limitMs) })) as unknown[];
  return code;
}

describe("the sidecar process", { timeout: 20_000 }, () => {
  it("answers ping with its versions and its process id", async () => {
    const { result } = await ask("ping", PING_PARAMS);
    const { wire_version, baileys, node, pid, ...more } = result as Record<string, unknown>;
    const { steady_ms, memory_bytes, round_trip_ms, answered_ms } = more;
    assert.deepEqual([wire_version, pid, node], [PING_PARAMS.wire_version, child.pid, process.versions.node]);
    assert.equal(baileys, manifest.dependencies.baileys);
    assert.ok(Number.isInteger(steady_ms) && Number.isInteger(memory_bytes));
    assert.deepEqual([round_trip_ms, answered_ms], [null, null]);
  });

  it("serves no other method to another version", async () => {
    const wrong = { code: 1001, message: "wrong_version" };
    assert.deepEqual((await ask("disconnect", {}))["error"], wrong);
    assert.deepEqual((await ask("ping", { ...PING_PARAMS, wire_version: 1 }))["error"], wrong);
    assert.deepEqual((await ask("find_numbers", { customers: [["+5573999990001"]] }))["error"], wrong);
  });

  it("answers requests that need no connection without one", async () => {
    await ask("ping", PING_PARAMS);
    assert.deepEqual((await ask("disconnect", {}))["result"], {});
    assert.deepEqual((await ask("find_numbers", { customers: [["+5573999990001"]] }))["result"], {
      outcome: "could_not_ask",
      kind: "not_connected",
    });
    assert.deepEqual((await ask("refresh_session", { jids: [] }))["error"], {
      code: 1003,
      message: "not_connected",
    });
  });

  it("refuses to connect to another machine", async () => {
    await ask("ping", PING_PARAMS);
    const params = {
      ...CONNECT_DEFAULTS,
      generation: 1,
      credentials: null,
      connect_timeout_ms: 1,
      query_timeout_ms: 1,
    };
    const answer = await ask("connect", { ...params, simulated_url: "ws://10.0.0.1/ws/chat" });
    assert.deepEqual(answer["error"], { code: 1002, message: "address_refused" });
  });

  it("exits when its stdin ends, without a word on stderr", async () => {
    await ask("ping", PING_PARAMS);
    child.stdin.end();
    assert.equal(await exitCode(3000), 0);
    assert.equal(errors, "");
  });

  it("exits when its stdout is not read any more", async () => {
    await ask("ping", PING_PARAMS);
    child.stdout.destroy();
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "nothing", params: {} })}\n`);
    assert.equal(await exitCode(3000), 0);
  });
});

it("stdout is the wire's alone, and the console is silent", () => {
  const guard = new URL("stdout_guard.ts", import.meta.url).href;
  const script = `
    const { writeLine } = await import(${JSON.stringify(guard)});
    for (const say of [console.log, console.info, console.warn, console.error, console.debug, console.dir]) say("key");
    process.stdout.write("key");
    writeLine("wire");`;
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
  assert.deepEqual([stdout.toString(), stderr.toString()], ["wire\n", ""]);
});

it("an uncaught error is one redacted line and exit code 1", () => {
  const exit = new URL("process_exit.ts", import.meta.url).href;
  const script = `
    const { exitOnUncaughtErrors } = await import(${JSON.stringify(exit)});
    exitOnUncaughtErrors();
    void Promise.reject(new Error("+5573999990001"));`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
  assert.deepEqual([status, stdout.toString()], [1, ""]);
  const said = JSON.parse(stderr.toString()) as Record<string, unknown>;
  assert.deepEqual([said["level"], said["error"], said["msg"]], ["fatal", "Error", "unhandled rejection"]);
  assert.doesNotMatch(stderr.toString(), /5573/);
});
