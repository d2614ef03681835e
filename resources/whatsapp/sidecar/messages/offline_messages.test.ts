// Tests of the tracker of offline messages.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { BinaryNode } from "baileys";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { OfflineMessageTracker } from "./offline_messages.ts";

const PERSON = "5573999548537@s.whatsapp.net";
const NUMBER = "+5573999548537";
const OWN = "5573988112233";

let fake: FakeSocket;
let tracker: OfflineMessageTracker;

const text = (id: string, from: string, more: Record<string, string> = { offline: "0" }): BinaryNode => ({
  tag: "message",
  attrs: { id, from, ...more },
  content: [{ tag: "enc", attrs: { type: "msg" }, content: Buffer.from("x") }],
});

const emitted = (): unknown[] =>
  fake.emitted.map(([name, params]) => [name, "message" in params ? params.message : params]);

beforeEach(() => {
  fake = new FakeSocket(7);
  fake.connection.creds.me = { id: `${OWN}:3@s.whatsapp.net`, lid: "55@lid" };
  tracker = new OfflineMessageTracker(fake.connection);
});

it("reports the sender of each offline message at once, by every address of its stanza", () => {
  tracker.add(text("PN", PERSON, { offline: "0", sender_lid: "77:2@lid" }));
  tracker.add(text("LID", "78:1@lid", { offline: "1", sender_pn: PERSON }));
  tracker.add(text("an odd id", PERSON));
  const messages = fake.emitted.map(([, params]) => "message" in params && params.message);
  assert.deepEqual(messages.slice(0, 2), [
    { message_id: "PN", number: NUMBER, lid: "77@lid" },
    { message_id: "LID", number: NUMBER, lid: "78@lid" },
  ]);
  assert.match(JSON.stringify(messages[2]), /"X-[0-9a-f]{40}"/i);
});

it("adds the number that Baileys knows for an account id", async () => {
  fake.numberByLid.set("78@lid", `${NUMBER.slice(1)}:0@s.whatsapp.net`);
  tracker.add(text("LID", "78@lid"));
  tracker.add(text("UNKNOWN", "79@lid"));
  await nextTick();
  assert.deepEqual(emitted(), [
    ["offline_stanza", { message_id: "LID", number: null, lid: "78@lid" }],
    ["offline_stanza", { message_id: "UNKNOWN", number: null, lid: "79@lid" }],
    ["offline_stanza", { message_id: "LID", number: NUMBER, lid: "78@lid" }],
  ]);
});

it("reports other offline stanzas without a message, and live ones not at all", () => {
  const unavailable = { ...text("GONE", PERSON), content: [{ tag: "unavailable", attrs: {} }] };
  tracker.add(text("LIVE", PERSON, {}));
  tracker.add({ ...text("RECEIPT", PERSON), tag: "receipt" });
  for (const from of ["1@g.us", "status@broadcast", `${OWN}@s.whatsapp.net`, "55@lid"])
    tracker.add(text("OTHER", from));
  tracker.add(unavailable);
  assert.deepEqual(emitted(), Array(6).fill(["offline_stanza", null]));
});

it("is empty once each message is settled, and reports each once", async () => {
  let empty = false;
  tracker.add(text("PN", PERSON));
  tracker.add(text("LID", "77@lid"));
  void tracker.whenEmpty().then(() => (empty = true));
  for (const id of ["PN", "PN", "unknown"]) tracker.settle(id);
  await nextTick();
  assert.equal(empty, false);
  tracker.settle("LID");
  await nextTick();
  assert.equal(empty, true);
  const recorded = fake.emitted.filter(([name]) => name === "offline_recorded");
  assert.deepEqual(
    recorded.map(([, params]) => params),
    ["PN", "LID"].map((id) => ({ generation: 7, message_id: id })),
  );
});

it("resolves at once when no message waited", async () => {
  await tracker.whenEmpty();
});
