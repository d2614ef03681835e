// Tests of the server address guard.
import assert from "node:assert/strict";
import { it } from "node:test";
import { serverAddress } from "./server_address.ts";

it("knows one production address", () => {
  assert.equal(serverAddress(null), "wss://web.whatsapp.com/ws/chat");
});

it("accepts a simulated WhatsApp on this machine", () => {
  for (const url of ["ws://127.0.0.1:4000/ws/chat", "ws://localhost:1/ws/chat", "ws://[::1]:9/ws/chat"]) {
    assert.equal(serverAddress(url), url);
  }
});

it("refuses every other address", () => {
  const refused = [
    "",
    "wss://127.0.0.1:4000/ws/chat",
    "http://127.0.0.1/",
    "ws://example.com/ws/chat",
    "ws://127.0.0.1.example.com/",
    "ws://localhost.example.com/",
    "ws://localhost@example.com/",
    "ws://user:word@127.0.0.1/",
    "ws://127.0.0.2/",
    "ws://0.0.0.0/",
    "ws://10.0.0.1/",
    "wss://web.whatsapp.com/ws/chat",
  ];
  for (const url of refused) assert.throws(() => serverAddress(url), { message: "address_refused" }, url);
});
