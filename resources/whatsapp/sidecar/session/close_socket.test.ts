// Tests of closing a socket on a dead network.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { WASocket } from "baileys";
import { nextTick } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { closeSocket } from "./close_socket.ts";

function socketThat(ends: Promise<void>): { sock: WASocket; cuts: () => number } {
  let cuts = 0;
  const line = { terminate: () => (cuts += 1) };
  const sock = { end: () => ends, ws: { socket: line } } as unknown as WASocket;
  return { sock, cuts: () => cuts };
}

it("a socket that never ends is cut after five seconds", () => {
  const clock = new ManualClock();
  const { sock, cuts } = socketThat(new Promise(() => undefined));
  closeSocket(sock, clock);
  clock.advance(4999);
  assert.equal(cuts(), 0);
  clock.advance(1);
  assert.equal(cuts(), 1);
});

it("one that ends well is left alone", async () => {
  const clock = new ManualClock();
  const { sock, cuts } = socketThat(Promise.resolve());
  closeSocket(sock, clock);
  await nextTick();
  clock.advance(60_000);
  assert.deepEqual([cuts(), clock.pendingTimers], [0, 0]);
});
