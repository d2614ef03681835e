// Tests of the device cache.
import assert from "node:assert/strict";
import { it } from "node:test";
import { DeviceCache } from "./device_cache.ts";

it("remembers for hours, not for a day", () => {
  let now = 0;
  const cache = new DeviceCache(() => now);
  cache.set("55", ["0"]);
  now = 6 * 3600_000;
  assert.deepEqual(cache.get("55"), ["0"]);
  now = 24 * 3600_000;
  assert.equal(cache.get("55"), undefined);
});

it("keeps no list that was asked for before its deletion", () => {
  const cache = new DeviceCache(() => 0);
  assert.equal(cache.get("a"), undefined);
  cache.del("a");
  cache.set("a", ["of before"]);
  assert.equal(cache.get("a"), undefined);
  cache.set("a", ["asked anew"]);
  assert.deepEqual(cache.get("a"), ["asked anew"]);
});

it("forgets one, and all", () => {
  const cache = new DeviceCache(() => 0);
  for (const user of ["a", "b", "c"]) cache.set(user, [user]);
  cache.del("a");
  assert.equal(cache.get("a"), undefined);
  assert.deepEqual(cache.get("b"), ["b"]);
  cache.flushAll();
  assert.equal(cache.get("c"), undefined);
});
