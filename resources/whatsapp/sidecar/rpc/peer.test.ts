// Tests of the peer: requests both ways, and no invalid message is accepted or echoed.
import assert from "node:assert/strict";
import { beforeEach, describe, it } from "node:test";
import type { Methods } from "../protocol/requests.ts";
import { Failure } from "./failure.ts";
import { TOO_LONG } from "./line_codec.ts";
import { Peer } from "./peer.ts";

const SECRET = "+5573999990001";
let written: Record<string, unknown>[] = [];
let failures: unknown[] = [];
let peer: Peer;

beforeEach(() => {
  written = [];
  failures = [];
  peer = new Peer(
    (line) => written.push(JSON.parse(line) as Record<string, unknown>),
    (error) => failures.push(error),
  );
});

function serve(service: Partial<Methods>): void {
  peer.serve(service as Methods);
}

async function receive(message: unknown): Promise<Record<string, unknown> | undefined> {
  peer.receive(typeof message === "string" ? message : JSON.stringify(message));
  await new Promise(setImmediate);
  return written.at(-1);
}

function request(method: string, params: unknown): object {
  return { jsonrpc: "2.0", id: 7, method, params };
}

describe("a request of Python", () => {
  it("is answered under its id", async () => {
    serve({ pairing_code: ({ number }) => Promise.resolve({ code: number.slice(-4) }) });
    const answer = await receive(request("pairing_code", { number: SECRET }));
    assert.deepEqual(answer, { jsonrpc: "2.0", id: 7, result: { code: "0001" } });
  });

  it("is refused without its words when a parameter is wrong", async () => {
    const wrong = [
      request("pairing_code", { number: "not a number" + SECRET }),
      request("pairing_code", { number: SECRET, more: SECRET }),
      request("pairing_code", {}),
      request("pairing_code", [SECRET]),
      request("send_text", {
        jid: `${SECRET}@g.us`,
        text: "x",
        message_id: "A",
        not_after: 1,
        ack_timeout_ms: 1,
        noted: false,
        expiration_s: 0,
      }),
      request("ping", { wire_version: "1" }),
      request("connect", { generation: 1.5 }),
    ];
    for (const message of wrong) {
      const answer = await receive(message);
      assert.deepEqual(answer, { jsonrpc: "2.0", id: 7, error: { code: -32602, message: "invalid" } });
    }
  });

  it("is refused when it is no message at all", async () => {
    const refusal = { jsonrpc: "2.0", id: null, error: { code: -32602, message: "invalid" } };
    for (const line of [
      SECRET,
      "[]",
      "null",
      '{"id":1,"method":"ping"}',
      '{"jsonrpc":"2.0","id":"1","method":"ping"}',
    ]) {
      assert.deepEqual(await receive(line), refusal);
    }
    peer.receive(TOO_LONG);
    assert.deepEqual(written.at(-1), refusal);
  });

  it("is refused for an unknown method, inherited names included", async () => {
    for (const method of [SECRET, "toString", "__proto__"]) {
      const answer = await receive(request(method, {}));
      assert.deepEqual(answer?.["error"], { code: -32601, message: "unknown_method" });
    }
  });

  it("is answered with the failure's code, or with `failure` and a log line", async () => {
    serve({ disconnect: () => Promise.reject(new Failure("not_connected")) });
    assert.deepEqual((await receive(request("disconnect", {})))?.["error"], {
      code: 1003,
      message: "not_connected",
    });
    serve({ disconnect: () => Promise.reject(new Error(SECRET)) });
    assert.deepEqual((await receive(request("disconnect", {})))?.["error"], {
      code: -32603,
      message: "failure",
    });
    assert.equal(failures.length, 1);
  });

  it("may be a notification, which is not answered", async () => {
    assert.equal(await receive({ jsonrpc: "2.0", method: "ping", params: {} }), undefined);
  });
});

describe("a request of the sidecar", () => {
  it("resolves its own caller, in any order of the answers", async () => {
    const first = peer.request("sent_text.get", { message_id: "A" });
    const second = peer.request("keys.get", { type: "session", ids: ["1"] });
    assert.deepEqual(
      written.map(({ id, method }) => [id, method]),
      [
        [1, "sent_text.get"],
        [2, "keys.get"],
      ],
    );
    await receive({ jsonrpc: "2.0", id: 2, result: { values: { "1": "{}" } } });
    await receive({ jsonrpc: "2.0", id: 1, result: { text: null, expiration_s: 0 } });
    assert.deepEqual(await first, { text: null, expiration_s: 0 });
    assert.deepEqual(await second, { values: { "1": "{}" } });
  });

  it("fails when Python refuses", async () => {
    const refused = assert.rejects(peer.request("keys.set", { changes: {} }), {
      name: "Failure",
      message: "failure",
    });
    await receive({ jsonrpc: "2.0", id: 1, error: { code: -32603, message: SECRET } });
    await refused;
  });

  it("fails when the answer has another shape", async () => {
    for (const result of [null, {}, { values: { a: 1 } }, { values: [] }, { values: {}, more: 1 }]) {
      const asked = peer.request("keys.get", { type: "session", ids: ["a"] });
      const refused = assert.rejects(asked, { message: "invalid" });
      await receive({ jsonrpc: "2.0", id: written.at(-1)?.["id"], result });
      await refused;
    }
  });

  it("fails at once when it does not fit in a line", async () => {
    const text = "a".repeat(5 * 1024 * 1024);
    await assert.rejects(peer.request("creds.save", { credentials: text, account: null }), {
      message: "invalid",
    });
    assert.deepEqual(written, []);
  });

  it("never answers an answer: two sides cannot refuse each other for ever", async () => {
    await receive({ jsonrpc: "2.0", id: 99, result: {} });
    await receive({ jsonrpc: "2.0", id: null, error: { code: -32602, message: "invalid" } });
    await receive({ jsonrpc: "2.0", id: "x", result: {} });
    assert.deepEqual(written, []);
  });
});

describe("an event of the sidecar", () => {
  it("carries no id", () => {
    peer.emit("qr", { generation: 3, text: "q", lives_ms: 20 });
    assert.deepEqual(written, [
      { jsonrpc: "2.0", method: "qr", params: { generation: 3, text: "q", lives_ms: 20 } },
    ]);
  });
});
