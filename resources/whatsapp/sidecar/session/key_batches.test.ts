// Tests of the sizes of key changes, and of any saves in any order over a wire that refuses long lines.
import assert from "node:assert/strict";
import { it } from "node:test";
import { LINE_LIMIT_BYTES } from "../protocol/vocabulary.ts";
import type { Wire } from "../protocol/wire.ts";
import { encodeLine } from "../rpc/line_codec.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { MAX_BATCH_BYTES, merged, partsOf, sizeOf, withoutOversized, type KeyTexts } from "./key_batches.ts";
import { KeyTooLongError, KeyWriteQueue } from "./key_write_queue.ts";

const lineOf = (changes: KeyTexts): string | null =>
  encodeLine({ jsonrpc: "2.0", id: 2 ** 31, method: "keys.set", params: { changes } });
const LENGTHS = [0, 10, 1000, LINE_LIMIT_BYTES / 8, LINE_LIMIT_BYTES / 2 - 600, LINE_LIMIT_BYTES - 1300];
const FILLINGS = ["x", '"', "\u0001", "é", "💜", "\ud800"];

it("a value that counts as fitting fits a line, whatever it consists of", () => {
  for (const filling of FILLINGS) {
    for (const length of LENGTHS) {
      const changes = { session: { a: filling.repeat(length / filling.length), b: null } };
      if (sizeOf(changes) <= MAX_BATCH_BYTES) assert.notEqual(lineOf(changes), null);
      assert.notEqual(lineOf(withoutOversized(changes)), null);
    }
  }
});

it("parts fit a line each and hold all of it in order", () => {
  const value = '"'.repeat(LINE_LIMIT_BYTES / 8);
  const ids = Array.from({ length: 9 }, (_, at) => `id${at}`);
  const changes = { session: Object.fromEntries(ids.map((id) => [id, value])), "pre-key": { z: null } };
  const parts = partsOf(changes);
  assert.ok(parts.length > 2 && parts.every((part) => lineOf(part) !== null));
  assert.deepEqual(parts.reduce(merged, {}), changes);
});

/** A small generator of chance, the same for the same seed. */
function chance(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor(state / 2 ** 16) % below;
  };
}

for (const seed of [1, 2, 3, 4, 5, 6]) {
  it(`the disk holds the newest of every key, and no session older than one that is too long: ${seed}`, async () => {
    const next = chance(seed);
    const clock = new ManualClock();
    let disk: KeyTexts = {};
    const request = (_: string, { changes }: { changes: KeyTexts }): Promise<unknown> => {
      assert.notEqual(lineOf(changes), null, "a line over the limit was asked for");
      if (next(4) === 0) return Promise.reject(new Error("busy"));
      disk = merged(disk, changes);
      return Promise.resolve({});
    };
    const queue = new KeyWriteQueue({ request } as unknown as Wire, clock);
    let expected: KeyTexts = {};
    const outcomes: Promise<unknown>[] = [];
    for (let step = 0; step < 40; step += 1) {
      const length = [20, 500, LINE_LIMIT_BYTES / 3, LINE_LIMIT_BYTES + 1][next(4)] ?? 0;
      const changes = {
        session: { [`s${next(5)}`]: `${step}${"x".repeat(length)}` },
        "pre-key": { p: `${step}` },
      };
      const saved = queue.save(changes);
      expected = merged(expected, withoutOversized(changes));
      if (length > LINE_LIMIT_BYTES) outcomes.push(assert.rejects(saved, KeyTooLongError));
      else outcomes.push(saved.catch(() => undefined));
      for (let turn = next(3); turn > 0; turn -= 1) await new Promise(setImmediate);
      clock.advance(200);
    }
    const end = { kept: false };
    void Promise.all(outcomes)
      .then(() => queue.written())
      .then(() => queue.settled())
      .then(() => (end.kept = true));
    for (let turn = 0; !end.kept; turn += 1) {
      // Values refused for good go with the next save.
      if (turn % 20 === 19) queue.save({}).catch(() => undefined);
      await new Promise(setImmediate);
      clock.advance(200);
    }
    assert.ok(
      JSON.stringify(sorted(disk)) === JSON.stringify(sorted(expected)),
      "another content on the disk",
    );
  });
}

function sorted(changes: KeyTexts): unknown {
  return Object.entries(changes).map(([type, values]) => [type, Object.entries(values).sort()]);
}
