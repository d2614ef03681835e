// Tests of the server's time.
import assert from "node:assert/strict";
import { it } from "node:test";
import { FakeSocket } from "../testing/fake_socket.ts";
import { watchServerTime } from "./server_time.ts";

function emittedAfter(...times: (string | undefined)[]): unknown[] {
  const fake = new FakeSocket(7);
  watchServerTime(fake.connection);
  for (const t of times) fake.ws.emit("CB:success", { tag: "success", attrs: t === undefined ? {} : { t } });
  return fake.emitted;
}

it("emits the time of each login", () => {
  assert.deepEqual(emittedAfter("1790000000", "1790000060"), [
    ["server_time", { generation: 7, at: 1_790_000_000_000 }],
    ["server_time", { generation: 7, at: 1_790_000_060_000 }],
  ]);
});

it("emits no time when WhatsApp sends no readable one", () => {
  assert.deepEqual(emittedAfter(undefined, "", "soon", "1.5", "-1", "0", "99999999999", "NaN"), []);
});
