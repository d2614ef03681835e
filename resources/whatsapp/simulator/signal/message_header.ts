// Reads from a Signal message which key encrypted it: the sender's ratchet key and the place in its chain.
import type { Encrypted } from "./cipher.ts";

export interface MessageHeader {
  readonly ratchetKey: Buffer;
  readonly counter: number;
  readonly ciphertext: Buffer;
}

type Field = number | Buffer;

const MAC_BYTES = 8;
const RATCHET_KEY = 1;
const COUNTER = 2;
const CIPHERTEXT = 4;
/** The WhisperMessage inside a PreKeyWhisperMessage. */
const INNER_MESSAGE = 4;
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** Returns undefined where the bytes are no Signal message. */
export function messageHeader({ type, ciphertext }: Encrypted): MessageHeader | undefined {
  const message = type === "pkmsg" ? fieldsOf(ciphertext.subarray(1))?.get(INNER_MESSAGE) : ciphertext;
  if (!Buffer.isBuffer(message)) {
    return undefined;
  }
  const fields = fieldsOf(message.subarray(1, -MAC_BYTES));
  const ratchetKey = fields?.get(RATCHET_KEY);
  const inner = fields?.get(CIPHERTEXT);
  // A counter of zero may be left out.
  const counter = fields?.get(COUNTER) ?? 0;
  return Buffer.isBuffer(ratchetKey) && Buffer.isBuffer(inner) && typeof counter === "number"
    ? { ratchetKey, counter, ciphertext: inner }
    : undefined;
}

/** Returns the protobuf's fields by number; undefined where the bytes end early or hold another kind of field. */
function fieldsOf(bytes: Buffer): Map<number, Field> | undefined {
  const fields = new Map<number, Field>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? NaN;
      value += (byte & 0x7f) * scale;
      if (!(byte & 0x80)) {
        return Number.isNaN(byte) ? NaN : value;
      }
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const value = varint();
    const isBytes = tag % 8 === LENGTH_DELIMITED;
    if ((!isBytes && tag % 8 !== VARINT) || !(at + (isBytes ? value : 0) <= bytes.length)) {
      return undefined;
    }
    fields.set(Math.floor(tag / 8), isBytes ? bytes.subarray(at, at + value) : value);
    at += isBytes ? value : 0;
  }
  return fields;
}
