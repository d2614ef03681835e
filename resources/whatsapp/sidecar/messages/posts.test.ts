// Tests of the acknowledgement of posts.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { BinaryNode } from "baileys";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { acknowledgePost, isPost } from "./posts.ts";

const AUTHOR = "5573999548537:4@s.whatsapp.net";
const OWN = "5573988112233:3@s.whatsapp.net";

let fake: FakeSocket;

const post = (from: string, more: Record<string, string> = {}): BinaryNode => ({
  tag: "message",
  attrs: { id: "POST", from, ...more },
});

beforeEach(() => {
  fake = new FakeSocket(7);
  fake.connection.creds.me = { id: OWN };
});

it("tells posts from messages of one person", () => {
  const places = ["1-2@g.us", "status@broadcast", "4711@broadcast", "1@newsletter"];
  assert.deepEqual(
    [...places, "5573999548537@s.whatsapp.net", "77@lid", "77@hosted.lid", ""].map((from) =>
      isPost(post(from)),
    ),
    [true, true, true, true, false, false, false, false],
  );
});

it("sends the receipt of a decrypted post, to its chat and naming its author", async () => {
  for (const from of ["1@g.us", "status@broadcast"])
    await acknowledgePost(fake.connection, post(from, { participant: AUTHOR }));
  await acknowledgePost(fake.connection, post("1@g.us", { participant: OWN }));
  assert.deepEqual(fake.receiptsSent, [
    ["1@g.us", AUTHOR, ["POST"], "inactive"],
    ["status@broadcast", AUTHOR, ["POST"], "inactive"],
    ["1@g.us", OWN, ["POST"], "sender"],
  ]);
});

it("acknowledges a post of a channel, which takes no receipt", async () => {
  await acknowledgePost(fake.connection, post("1@newsletter", { type: "text" }));
  const attrs = { id: "POST", to: "1@newsletter", class: "message", type: "text", from: OWN };
  assert.deepEqual(fake.sent, [{ tag: "ack", attrs }]);
});

it("leaves a post at WhatsApp when the connection is gone", async () => {
  fake.refusesReceipts = true;
  await acknowledgePost(fake.connection, post("1@g.us", { participant: AUTHOR }));
  await nextTick();
  assert.deepEqual(fake.receiptsSent, []);
});
