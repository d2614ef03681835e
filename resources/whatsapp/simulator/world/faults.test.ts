// Tests that armed faults trigger for their targets only, as often as they were told to.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Faults } from "./faults.ts";

function strikes(faults: Faults, times: number, targets: string[] = []): boolean[] {
  return Array.from({ length: times }, () => faults.trigger("nack", targets) !== undefined);
}

test("a fault triggers as often as it was told to", () => {
  const faults = new Faults();
  faults.arm({ kind: "nack", times: 2 });
  assert.deepEqual(strikes(faults, 3), [true, true, false]);
});

test("a fault without end triggers until it is ended", () => {
  const faults = new Faults();
  faults.arm({ kind: "nack", times: -1 });
  assert.deepEqual(strikes(faults, 3), [true, true, true]);
  faults.arm({ kind: "nack", times: 0 });
  assert.deepEqual(strikes(faults, 1), [false]);
});

test("a fault for one target spares the others and other kinds", () => {
  const faults = new Faults();
  faults.arm({ kind: "nack", times: 1, target: "ana" });
  assert.equal(faults.trigger("lose_ack", ["ana"]), undefined);
  assert.deepEqual(strikes(faults, 1, ["bia"]), [false]);
  assert.deepEqual(strikes(faults, 2, ["ana"]), [true, false]);
});

test("a fault for a topic triggers for each topic that begins so", () => {
  const faults = new Faults();
  faults.arm({ kind: "iq_error", times: -1, target: "encrypt get" });
  assert.ok(faults.triggerTopic("encrypt get key"));
  assert.equal(faults.triggerTopic("encrypt set registration"), undefined);
  faults.arm({ kind: "iq_error", times: 1 });
  assert.ok(faults.triggerTopic("usync get usync"));
  assert.equal(faults.triggerTopic("usync get usync"), undefined);
});

test("disarmAll ends every armed fault of any kind, target and count", () => {
  const faults = new Faults();
  faults.arm({ kind: "nack", times: -1 });
  faults.arm({ kind: "nack", times: 3, target: "ana" });
  faults.arm({ kind: "iq_error", times: -1, target: "encrypt get" });
  faults.disarmAll();
  assert.deepEqual(strikes(faults, 2, ["ana"]), [false, false]);
  assert.equal(faults.triggerTopic("encrypt get key"), undefined);
  faults.arm({ kind: "nack", times: 1 });
  assert.deepEqual(strikes(faults, 2), [true, false]);
});
