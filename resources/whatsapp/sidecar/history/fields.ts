// Reads an encoded message field by field: nested messages stay bytes until they are asked for.

export interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

const [VARINT, FIXED64, BYTES, FIXED32] = [0, 1, 2, 5];
const CONTINUES = 0x80;
const MAX_VARINT_BYTES = 10;

/** Baileys' own decoder would turn every text of a history into a string. Throws where the bytes are no message. */
export function* fieldsOf(message: Uint8Array): Generator<Field> {
  let at = 0;
  const readVarint = (): number => {
    let value = 0;
    for (let place = 0; place < MAX_VARINT_BYTES; place += 1) {
      const byte = message[at++];
      if (byte === undefined) break;
      value += (byte % CONTINUES) * 2 ** (7 * place);
      if (byte < CONTINUES) return value;
    }
    throw new Error("no varint");
  };
  const readBytes = (length: number): Uint8Array => {
    if (at + length > message.length) throw new Error("a field ends early");
    return message.subarray(at, (at += length));
  };
  while (at < message.length) {
    const tag = readVarint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === VARINT) yield { number, value: readVarint() };
    else if (tag % 8 === BYTES) yield { number, value: readBytes(readVarint()) };
    else if (tag % 8 === FIXED64) readBytes(8);
    else if (tag % 8 === FIXED32) readBytes(4);
    else throw new Error("no field");
  }
}
