// Tests of the two kinds of phone: one bubble per message id, or one per decrypted message.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Inbox, type Arrival, type PhoneMode } from "./inbox.ts";

const arrival: Arrival = {
  id: "3EB0AA",
  chat: "5573988880001",
  text: "Pronto",
  type: "pkmsg",
  from: "+5573999990000",
  to: "+5573988880001",
  expiration: 0,
  stays: false,
};

function shownBy(mode: PhoneMode, ...arrivals: Arrival[]): number[] {
  const inbox = new Inbox();
  for (const one of arrivals) {
    inbox.show(one, mode);
  }
  return inbox.bubbles().map(({ shown }) => shown);
}

test("a dedupe phone shows the same id once", () => {
  assert.deepEqual(shownBy("dedupe", arrival, arrival), [1]);
});

test("a strict phone shows every decrypted message", () => {
  assert.deepEqual(shownBy("strict", arrival, arrival), [2]);
});

test("another id, or the same id in another chat, is another bubble", () => {
  const others = [
    { ...arrival, id: "3EB0BB" },
    { ...arrival, chat: "5573988880002" },
  ];
  assert.deepEqual(shownBy("dedupe", arrival, ...others), [1, 1, 1]);
});

test("a bubble records how each of its copies had been encrypted", () => {
  const inbox = new Inbox();
  inbox.show(arrival, "dedupe");
  inbox.show({ ...arrival, type: "msg" }, "dedupe");
  assert.deepEqual(inbox.bubbles()[0]?.types, ["pkmsg", "msg"]);
});
