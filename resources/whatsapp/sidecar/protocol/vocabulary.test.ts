// Tests that code and documentation use the same words.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { HOST_RESULTS } from "./host_requests.ts";
import { REQUESTS } from "./requests.ts";
import * as vocabulary from "./vocabulary.ts";

it("every method has a shape", () => {
  assert.deepEqual(Object.keys(REQUESTS), [...vocabulary.METHODS_PYTHON_ASKS]);
  assert.deepEqual(Object.keys(HOST_RESULTS), [...vocabulary.METHODS_SIDECAR_ASKS]);
});

it("every word is in the protocol's description", () => {
  const page = new URL("../../../docs/protocol.md", import.meta.url);
  const wire = readFileSync(page, "utf8").split("## 2.")[0] ?? "";
  const words = Object.values(vocabulary).filter((list) => Array.isArray(list));
  const missing = words.flat().filter((word) => !wire.includes(`\`${word}\``));
  assert.deepEqual(missing, []);
  for (const code of Object.values(vocabulary.ERROR_CODES)) {
    assert.ok(wire.includes(String(code).replace("-", "−")), String(code));
  }
  assert.ok(wire.includes(`\`WIRE_VERSION\` is **${vocabulary.WIRE_VERSION}**`));
});
