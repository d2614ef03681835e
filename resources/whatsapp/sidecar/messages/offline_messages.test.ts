// Tests of the tracker of offline messages.
import assert from "node:assert/strict";
import { it } from "node:test";
import { nextTick } from "../testing/fake_socket.ts";
import { OfflineMessageTracker } from "./offline_messages.ts";

const PERSON = "5573999548537@s.whatsapp.net";
const text = (id: string, from: string, offline?: string) => ({
  tag: "message",
  attrs: { id, from, ...(offline !== undefined && { offline }) },
});

it("waits for offline messages of one person each, and for no others", async () => {
  const waiting = new OfflineMessageTracker();
  let heard = false;
  for (const node of [
    text("LIVE", PERSON),
    text("GROUP", "1@g.us", "0"),
    text("PN", PERSON, "0"),
    text("LID", "77@lid", "1"),
  ])
    waiting.add(node);
  void waiting.whenEmpty().then(() => (heard = true));
  for (const id of ["PN", "PN", "unknown"]) waiting.settle(id);
  await nextTick();
  assert.equal(heard, false);
  waiting.settle("LID");
  await nextTick();
  assert.equal(heard, true);
});

it("resolves at once when no message waited", async () => {
  await new OfflineMessageTracker().whenEmpty();
});
