// Tests of framing: the intro, the optional routing bytes, and frames cut anywhere.
import assert from "node:assert/strict";
import { test } from "node:test";
import { frame, FrameSplitter } from "./frame_splitter.ts";

const INTRO = Buffer.from([0x57, 0x41, 0x06, 0x03]);
const ROUTED = Buffer.concat([Buffer.from([0x45, 0x44, 0x00, 0x01, 0, 0, 2, 9, 9]), INTRO]);
const BODIES = [Buffer.from("one"), Buffer.alloc(0), Buffer.alloc(70_000, 7)];

for (const [name, intro] of [
  ["the intro", INTRO],
  ["routing bytes and the intro", ROUTED],
] as const) {
  const stream = Buffer.concat([intro, ...BODIES.map(frame)]);

  test(`frames behind ${name} are found when they come in one piece`, () => {
    assert.deepEqual(new FrameSplitter().push(stream), BODIES);
  });

  test(`frames behind ${name} are found wherever the stream is cut`, () => {
    for (const cut of [1, 3, 5, 8, 12, 14, 16, 20, 1000, stream.length - 1]) {
      const splitter = new FrameSplitter();
      const found = [...splitter.push(stream.subarray(0, cut)), ...splitter.push(stream.subarray(cut))];
      assert.deepEqual(found, BODIES);
    }
  });
}

test("a stream that begins with other bytes is refused", () => {
  assert.throws(() => new FrameSplitter().push(Buffer.from("GET / HTTP/1.1")));
});

test("the routing bytes before the intro are kept, empty without any", () => {
  for (const [stream, routing] of [
    [ROUTED, Buffer.from([9, 9])],
    [INTRO, Buffer.alloc(0)],
  ] as const) {
    const splitter = new FrameSplitter();
    splitter.push(stream);
    assert.deepEqual(splitter.routing, routing);
  }
});
