// Tests of the line codec.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeLine, LineDecoder, TOO_LONG } from "./line_codec.ts";

describe("the line codec", () => {
  it("joins a line that arrives byte by byte, even inside a character", () => {
    const decoder = new LineDecoder();
    const bytes = Buffer.from('{"açaí":1}\n');
    const lines = [...bytes].flatMap((byte) => [...decoder.push(Buffer.from([byte]))]);
    assert.deepEqual(lines, ['{"açaí":1}']);
  });

  it("splits several lines of one chunk and keeps the rest for later", () => {
    const decoder = new LineDecoder();
    assert.deepEqual([...decoder.push(Buffer.from("a\nb\nc"))], ["a", "b"]);
    assert.deepEqual([...decoder.push(Buffer.from("d\n"))], ["cd"]);
  });

  it("reports once that a line is too long and reads the next one", () => {
    const decoder = new LineDecoder(8);
    assert.deepEqual([...decoder.push(Buffer.from("123456"))], []);
    assert.deepEqual([...decoder.push(Buffer.from("789"))], []);
    assert.deepEqual([...decoder.push(Buffer.from("0\n12345678\n"))], [TOO_LONG, "12345678"]);
  });

  it("refuses to write a line over the limit, counted in bytes", () => {
    assert.equal(encodeLine("ããã", 7), null);
    assert.equal(encodeLine("ããã", 8), '"ããã"');
  });

  it("holds four mebibytes", () => {
    const decoder = new LineDecoder();
    const longest = Buffer.alloc(4 * 1024 * 1024, "a");
    assert.equal([...decoder.push(Buffer.concat([longest, Buffer.from("\n")]))].length, 1);
    assert.deepEqual([...decoder.push(Buffer.concat([longest, Buffer.from("a\n")]))], [TOO_LONG]);
  });
});
