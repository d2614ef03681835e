// Tests of liveness: only an answer counts, and it counts from its arrival.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { FakeSocket, nextTick } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { LivenessProbe, NOT_PROBED } from "./liveness_probe.ts";

let fake: FakeSocket;
let clock: ManualClock;
let life: LivenessProbe;

beforeEach(() => {
  fake = new FakeSocket(1);
  clock = new ManualClock();
  life = new LivenessProbe(fake.connection, clock);
  fake.connection.isOpen = true;
});

it("is a real query, and the answer's time is returned", async () => {
  const asking = life.probe(8000);
  clock.advance(120);
  fake.ws.emit("CB:iq,type:result", {});
  fake.answerQuery({ tag: "iq", attrs: { type: "result" } });
  assert.deepEqual(await asking, { round_trip_ms: 120, answered_ms: 120 });
  assert.deepEqual(fake.queries, [{ xmlns: "w:p", patienceMs: 8000 }]);
});

it("returns the age of the last answer when the query is unanswered", async () => {
  fake.ws.emit("CB:ack", {});
  clock.advance(3000);
  const asking = life.probe(8000);
  clock.advance(8000);
  fake.answerQuery(undefined);
  assert.deepEqual(await asking, { round_trip_ms: null, answered_ms: -3000 });
});

it("counts an answer to another query meanwhile", async () => {
  const asking = life.probe(8000);
  clock.advance(5000);
  fake.ws.emit("CB:ack", {});
  fake.refuseQuery(new Error("timed out"));
  assert.deepEqual(await asking, { round_trip_ms: null, answered_ms: 5000 });
});

it("does not count stanzas that WhatsApp sends unasked", async () => {
  fake.ws.emit("CB:iq,type:set", {});
  fake.ws.emit("CB:receipt", {});
  const asking = life.probe(1);
  fake.answerQuery(undefined);
  assert.deepEqual(await asking, NOT_PROBED);
});

it("sends no query before the connection can answer, or after its end", async () => {
  fake.connection.isOpen = false;
  assert.deepEqual(await life.probe(1000), NOT_PROBED);
  fake.connection.isOpen = true;
  fake.connection.finish(null);
  await nextTick();
  assert.deepEqual(await life.probe(1000), NOT_PROBED);
  assert.deepEqual(fake.queries, []);
});
