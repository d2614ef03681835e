// Tests of the key write queue.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { Wire } from "../protocol/wire.ts";
import { nextTick } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { LINE_LIMIT_BYTES } from "../protocol/vocabulary.ts";
import type { KeyTexts } from "./key_batches.ts";
import { KeyTooLongError, KeyWriteQueue } from "./key_write_queue.ts";

/** Python, which answers each write when the test tells it to. */
function slowDisk(): {
  clock: ManualClock;
  saves: KeyWriteQueue;
  writes: KeyTexts[];
  answer: (well?: boolean) => Promise<void>;
} {
  const writes: KeyTexts[] = [];
  const answers: ((well: boolean) => void)[] = [];
  const request = (_: string, { changes }: { changes: KeyTexts }): Promise<unknown> => {
    writes.push(structuredClone(changes));
    return new Promise((resolve, reject) => {
      answers.push((well) => {
        if (well) resolve({});
        else reject(new Error("busy"));
      });
    });
  };
  const clock = new ManualClock();
  const answer = async (well = true): Promise<void> => {
    answers.shift()?.(well);
    await nextTick();
  };
  return { clock, saves: new KeyWriteQueue({ request } as unknown as Wire, clock), writes, answer };
}

async function triesFail({ clock, answer }: ReturnType<typeof slowDisk>, count: number): Promise<void> {
  for (let tries = 0; tries < count; tries += 1) {
    await answer(false);
    clock.advance(200);
    await nextTick();
  }
}

it("writes the changes of a running write together, the newest of each key", async () => {
  const disk = slowDisk();
  const all = [{ a: "1" }, { a: "2", b: "1" }, { a: "3" }].map((session) => disk.saves.save({ session }));
  await disk.answer();
  await disk.answer();
  await Promise.all(all);
  assert.deepEqual(disk.writes, [{ session: { a: "1" } }, { session: { a: "3", b: "1" } }]);
});

it("resolves a save only when it is on disk", async () => {
  const disk = slowDisk();
  const told: string[] = [];
  void disk.saves.save({ session: { a: "1" } }).then(() => told.push("first"));
  void disk.saves.save({ session: { b: "1" } }).then(() => told.push("second"));
  await nextTick();
  assert.deepEqual(told, []);
  await disk.answer();
  assert.deepEqual(told, ["first"]);
  await disk.answer();
  assert.deepEqual(told, ["first", "second"]);
});

it("returns the pending value of a key, deletions too", async () => {
  const disk = slowDisk();
  const first = disk.saves.save({ session: { a: "1", b: null } });
  const second = disk.saves.save({ session: { a: "2" } });
  assert.equal(disk.saves.pending("session", "a"), "2");
  assert.equal(disk.saves.pending("session", "b"), null);
  assert.equal(disk.saves.pending("session", "c"), undefined);
  await disk.answer();
  await disk.answer();
  await Promise.all([first, second, disk.saves.settled()]);
  assert.equal(disk.saves.pending("session", "a"), undefined);
});

it("retries a refused write before newer ones, which stay on top", async () => {
  const disk = slowDisk();
  const first = disk.saves.save({ session: { a: "1" } });
  await triesFail(disk, 1);
  const second = disk.saves.save({ session: { a: "2" } });
  await disk.answer();
  await disk.answer();
  await Promise.all([first, second]);
  assert.deepEqual(
    disk.writes.map(({ session }) => session?.["a"]),
    ["1", "1", "2"],
  );
});

it("written resolves when a write is on the wire and not refused", async () => {
  const disk = slowDisk();
  const said: string[] = [];
  const say = (word: string): void => void disk.saves.written().then(() => said.push(word));
  void disk.saves.save({ session: { a: "1" } });
  say("behind the first");
  void disk.saves.save({ session: { a: "2" } });
  say("behind the second");
  await nextTick();
  assert.deepEqual(said, ["behind the first"]);
  await triesFail(disk, 1);
  assert.equal(said.length, 1);
  await disk.answer();
  assert.deepEqual(said, ["behind the first", "behind the second"]);
  await disk.answer(false);
  say("behind what was refused");
  await nextTick();
  assert.equal(said.length, 2);
  disk.clock.advance(200);
  await nextTick();
  await disk.answer();
  assert.equal(said.length, 3);
});

it("rejects after five attempts, and writes the changes with the next", async () => {
  const disk = slowDisk();
  const refused = assert.rejects(disk.saves.save({ session: { a: "1", b: "1" } }));
  await triesFail(disk, 5);
  await refused;
  await disk.saves.settled();
  assert.equal(disk.saves.pending("session", "b"), "1");
  const next = disk.saves.save({ session: { a: "2" } });
  await disk.answer();
  await next;
  assert.deepEqual(disk.writes.at(-1), { session: { a: "2", b: "1" } });
  assert.equal(disk.writes.length, 6);
});

const TOO_LONG = "x".repeat(LINE_LIMIT_BYTES);

it("refuses a value that no line can hold, and keeps all others", async () => {
  const disk = slowDisk();
  const before = disk.saves.save({ session: { a: "1" } });
  const whole = { session: { a: TOO_LONG, own: "3" }, "pre-key": { "7": null }, tctoken: { t: TOO_LONG } };
  await assert.rejects(disk.saves.save(whole), KeyTooLongError);
  const after = disk.saves.save({ session: { b: "2" } });
  // A session that cannot be kept is deleted, and no older one stays.
  assert.deepEqual(
    [disk.saves.pending("session", "a"), disk.saves.pending("tctoken", "t")],
    [null, undefined],
  );
  await disk.answer();
  await disk.answer();
  await Promise.all([before, after, disk.saves.written()]);
  assert.deepEqual(disk.writes, [
    { session: { a: "1" } },
    { session: { a: null, own: "3", b: "2" }, "pre-key": { "7": null }, tctoken: {} },
  ]);
});

it("written waits for what was refused for good, until it is kept", async () => {
  const disk = slowDisk();
  const refused = assert.rejects(disk.saves.save({ session: { a: "1" } }));
  await triesFail(disk, 5);
  await refused;
  let written = false;
  void disk.saves.written().then(() => (written = true));
  const next = disk.saves.save({ session: { b: "1" } });
  await nextTick();
  assert.equal(written, false);
  await disk.answer();
  await next;
  await nextTick();
  assert.equal(written, true);
});

it("splits saves that do not fit one line together, and one that does not fit by itself", async () => {
  const disk = slowDisk();
  const half = "y".repeat(LINE_LIMIT_BYTES / 2);
  const all = [{ a: "1" }, { b: half }, { c: half }, { d: half, e: half }].map((session) =>
    disk.saves.save({ session }),
  );
  let written = false;
  void disk.saves.written().then(() => (written = true));
  for (const sent of [1, 2, 3, 4, 5]) {
    assert.deepEqual([disk.writes.length, written], [sent, sent === 5]);
    await disk.answer();
  }
  await Promise.all(all);
  assert.deepEqual(
    disk.writes.map(({ session }) => Object.keys(session ?? {}).join("")),
    ["a", "b", "c", "d", "e"],
  );
});
