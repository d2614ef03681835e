// Promises about the end of a socket on a network that is dead.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { WASocket } from "baileys";
import { nextTick } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { cutOff } from "./cut_off.ts";

function socketThat(ends: Promise<void>): { sock: WASocket; cuts: () => number } {
  let cuts = 0;
  const line = { terminate: () => (cuts += 1) };
  const sock = { end: () => ends, ws: { socket: line } } as unknown as WASocket;
  return { sock, cuts: () => cuts };
}

it("a socket that never ends is cut after five seconds", () => {
  const clock = new ManualClock();
  const { sock, cuts } = socketThat(new Promise(() => undefined));
  cutOff(sock, clock);
  clock.pass(4999);
  assert.equal(cuts(), 0);
  clock.pass(1);
  assert.equal(cuts(), 1);
});

it("one that ends well is left alone", async () => {
  const clock = new ManualClock();
  const { sock, cuts } = socketThat(Promise.resolve());
  cutOff(sock, clock);
  await nextTick();
  clock.pass(60_000);
  assert.deepEqual([cuts(), clock.waiting], [0, 0]);
});
