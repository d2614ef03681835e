// Tests that a download stays on its one host, and of the origin that is used.
import assert from "node:assert/strict";
import { test } from "node:test";
import { mediaOrigin } from "../session/server_address.ts";
import { download } from "./download.ts";
import { UnusableError } from "./unusable.ts";

test("no path leads to another host", async () => {
  for (const path of [
    "@example.org/x",
    ".example.org/x",
    "//example.org/x",
    "/\\example.org/x",
    ":1/x",
    "x",
    "",
  ])
    await assert.rejects(download("http://127.0.0.1:9", path, 1000), UnusableError, path);
});

test("files come from WhatsApp's media server, and in a training from the simulated one alone", () => {
  assert.match(mediaOrigin(null), /^https:\/\/[a-z]+\.whatsapp\.net$/);
  assert.equal(mediaOrigin("ws://127.0.0.1:4711/ws/chat"), "http://127.0.0.1:4711");
  assert.throws(() => mediaOrigin("ws://example.org/ws/chat"));
});
