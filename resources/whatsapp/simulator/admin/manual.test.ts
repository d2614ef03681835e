// Tests that the README lists every admin request and every fault as the code has them.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { faultTable, requestTable } from "./manual.ts";
import { ROUTES } from "./routes.ts";

const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");

/** Returns the cells without the formatter's padding. */
function cells(text: string): string[] {
  const rows = text.split("\n").filter((line) => line.startsWith("|") && !/^\| *-/.test(line));
  return rows.map((row) => row.replaceAll(/ *\| */g, "|"));
}

test("every admin request stands in the README as the code has it", () => {
  const written = cells(readme);
  for (const row of cells(requestTable())) {
    assert.ok(written.includes(row), row);
  }
});

test("every fault stands in the README as the code has it", () => {
  const written = cells(readme);
  for (const row of cells(faultTable())) {
    assert.ok(written.includes(row), row);
  }
});

test("the README names no admin request that does not exist", () => {
  const named = [...readme.matchAll(/`(GET|POST) \/admin(\/[\w/-]+)`/g)].map(([, method, path]) =>
    [method, path].join(" "),
  );
  const known = ROUTES.map(({ request }) => request);
  assert.deepEqual(
    named.filter((request) => !known.includes(request)),
    [],
  );
});
