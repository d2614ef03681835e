// Splits a byte stream into lines and refuses lines over the limit.
import { LINE_LIMIT_BYTES } from "../protocol/vocabulary.ts";

const NEWLINE = 0x0a;
export const TOO_LONG = Symbol("too long");

/** Yields each complete line, or TOO_LONG once for a line that went over the limit. */
export class LineDecoder {
  #parts: Buffer[] = [];
  #size = 0;
  readonly #limit: number;

  constructor(limit = LINE_LIMIT_BYTES) {
    this.#limit = limit;
  }

  *push(chunk: Buffer): Generator<string | typeof TOO_LONG> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#append(chunk.subarray(start, end));
      yield this.#size > this.#limit ? TOO_LONG : Buffer.concat(this.#parts).toString("utf8");
      this.#parts = [];
      this.#size = 0;
      start = end + 1;
    }
    this.#append(chunk.subarray(start));
  }

  #append(part: Buffer): void {
    this.#size += part.length;
    if (this.#size > this.#limit) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }
}

/** Encodes a message as one line without its newline; null when it would exceed the limit. */
export function encodeLine(message: unknown, limit = LINE_LIMIT_BYTES): string | null {
  const line = JSON.stringify(message);
  return Buffer.byteLength(line) > limit ? null : line;
}
