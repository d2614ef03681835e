// Tests of the connection states.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { watchStates } from "./connection_states.ts";

let fake: FakeSocket;

beforeEach(() => {
  fake = new FakeSocket(7);
  watchStates(fake.connection);
});

const open = { code: null, cause: null, expires_in_s: null };

const closedWith = (statusCode: number): object => ({
  connection: "close",
  lastDisconnect: { error: Object.assign(new Error(), { output: { statusCode } }) },
});

it("emits the end of a pairing only when its credentials are saved", async () => {
  fake.ev.emit("creds.update", {});
  fake.ev.emit("connection.update", { isNewLogin: true });
  fake.ev.emit("connection.update", closedWith(515));
  await nextTick();
  assert.deepEqual([fake.saved.length, fake.emitted], [1, []]);
  fake.saveNow();
  await nextTick();
  assert.deepEqual(fake.emitted, [
    ["connection", { generation: 7, state: "paired", ...open, account: null }],
    ["connection", { generation: 7, state: "closed", ...open, code: 515, account: null }],
  ]);
});

it("emits no event after the end, and ends the socket once", async () => {
  fake.ev.emit("connection.update", closedWith(428));
  fake.ev.emit("connection.update", { connection: "open" });
  fake.connection.finish(null);
  await nextTick();
  assert.deepEqual(
    fake.emitted.map(([, { generation, ...params }]) => [generation, params]),
    [[7, { state: "closed", ...open, code: 428, account: null }]],
  );
  assert.deepEqual([fake.ended, fake.connection.isOpen], [1, false]);
});

it("does not wait for ever when no web socket is granted", async () => {
  for (const [status, cause] of [
    [403, "refused"],
    [302, "refused"],
    [429, "service_down"],
    [503, "service_down"],
  ] as const) {
    fake = new FakeSocket(7);
    watchStates(fake.connection);
    fake.ws.emit("unexpected-response", {}, { statusCode: status });
    await nextTick();
    assert.deepEqual(fake.emitted.at(-1)?.[1], {
      generation: 7,
      state: "closed",
      ...open,
      code: 503,
      cause,
      account: null,
    });
  }
});
