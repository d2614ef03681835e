// Splits the client's byte stream into frames, after checking the intro in front of it.
const INTRO = Buffer.from([0x57, 0x41, 0x06, 0x03]);
const ROUTING_MARK = Buffer.from([0x45, 0x44, 0x00, 0x01]);
const LENGTH_BYTES = 3;

export class FrameSplitter {
  #rest = Buffer.alloc(0);
  #introSeen = false;
  #routing: Buffer = Buffer.alloc(0);

  /** The routing bytes in front of the intro; empty when there were none. */
  get routing(): Buffer {
    return this.#routing;
  }

  /** Returns every frame that is complete now; the remainder waits for the next chunk. */
  push(chunk: Uint8Array): Buffer[] {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    if (!this.#introSeen && !this.#takeIntro()) {
      return frames;
    }
    for (;;) {
      const frame = lengthPrefixed(this.#rest, 0);
      if (!frame) {
        return frames;
      }
      frames.push(frame);
      this.#rest = this.#rest.subarray(LENGTH_BYTES + frame.length);
    }
  }

  #takeIntro(): boolean {
    const routed = this.#rest.subarray(0, ROUTING_MARK.length).equals(ROUTING_MARK);
    const routing = routed ? lengthPrefixed(this.#rest, ROUTING_MARK.length) : Buffer.alloc(0);
    if (!routing) {
      return false;
    }
    const start = routed ? ROUTING_MARK.length + LENGTH_BYTES + routing.length : 0;
    const intro = this.#rest.subarray(start, start + INTRO.length);
    if (intro.length < INTRO.length) {
      return false;
    }
    if (!intro.equals(INTRO)) {
      throw new Error("the stream does not begin with the intro");
    }
    this.#routing = routing;
    this.#rest = this.#rest.subarray(start + INTRO.length);
    this.#introSeen = true;
    return true;
  }
}

function lengthPrefixed(bytes: Buffer, offset: number): Buffer | undefined {
  if (bytes.length < offset + LENGTH_BYTES) {
    return undefined;
  }
  const start = offset + LENGTH_BYTES;
  const end = start + bytes.readUIntBE(offset, LENGTH_BYTES);
  return bytes.length < end ? undefined : bytes.subarray(start, end);
}

export function frame(body: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUIntBE(body.length, 0, LENGTH_BYTES);
  return Buffer.concat([length, body]);
}
