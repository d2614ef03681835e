// Tests which account ids are told to Python, when again, and what happens while it keeps none.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Mapping } from "../protocol/host_requests.ts";
import type { Wire } from "../protocol/wire.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { nextTick } from "../testing/fake_socket.ts";
import { MappingReporter } from "./mapping_reporter.ts";

class Host {
  readonly batches: Mapping[][] = [];
  busy = false;
  readonly clock = new ManualClock();
  readonly reporter: MappingReporter;

  constructor() {
    const request = (_: string, { mappings }: { mappings: Mapping[] }): Promise<object> => {
      if (this.busy) return Promise.reject(new Error("busy"));
      this.batches.push(mappings);
      return Promise.resolve({});
    };
    this.reporter = new MappingReporter({ request } as unknown as Wire, this.clock);
  }

  get told(): Mapping[] {
    return this.batches.flat();
  }
}

function pair(lid: number, more: Partial<Mapping> = {}): Mapping {
  return { number: `+557398888${lid}`, lid: `${lid}@lid`, username: null, live: true, ...more };
}

test("a pair is told once per connection, and again when it has changed", async () => {
  const { reporter, ...host } = new Host();
  const pairs = [
    pair(4711),
    pair(4711, { username: "ana.acai" }),
    pair(4711, { number: "+5573988880002" }),
    pair(4712, { number: "+5573988880002" }),
  ];
  for (const one of pairs) {
    reporter.report(one);
    reporter.report(one);
  }
  reporter.report(pair(4712, { number: null, username: null }));
  await nextTick();
  assert.deepEqual(host.batches.flat(), pairs);
  reporter.forget();
  reporter.report(pair(4711));
  await nextTick();
  assert.equal(host.batches.flat().length, pairs.length + 1);
});

test("what WhatsApp says now is told after the history, not the other way round", async () => {
  const { reporter, ...host } = new Host();
  for (const live of [false, true, false]) reporter.report(pair(4711, { live }));
  await nextTick();
  assert.deepEqual(
    host.batches.flat().map(({ live }) => live),
    [false, true],
  );
});

test("pairs go together in batches and are kept while Python is busy", async () => {
  const host = new Host();
  host.busy = true;
  for (let lid = 1000; lid < 1120; lid += 1) host.reporter.report(pair(lid));
  await nextTick();
  host.busy = false;
  assert.deepEqual(host.told, []);
  host.clock.advance(1000);
  await nextTick();
  assert.deepEqual(
    host.batches.map((batch) => batch.length),
    [50, 50, 20],
  );
  assert.deepEqual(
    host.told.map(({ lid }) => lid),
    Array.from({ length: 120 }, (_, index) => `${index + 1000}@lid`),
  );
});

test("the oldest pairs are dropped while Python keeps none", async () => {
  const host = new Host();
  host.busy = true;
  for (let lid = 10_000; lid < 13_000; lid += 1) host.reporter.report(pair(lid));
  await nextTick();
  host.busy = false;
  host.clock.advance(1000);
  await nextTick();
  assert.equal(host.told.length, 2000);
  assert.equal(host.told.at(-1)?.lid, "12999@lid");
});
