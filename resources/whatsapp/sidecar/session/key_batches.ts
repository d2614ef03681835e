// Sizes of key changes on the wire: which are too long for a line, and which go together in one.
import { LINE_LIMIT_BYTES } from "../protocol/vocabulary.ts";

export type KeyTexts = Record<string, Record<string, string | null>>;

/** Room for the frame of the request; escaped, a UTF-16 unit takes at most six bytes. */
const FRAME_BYTES = 1024;
const MAX_ESCAPE = 6;
const FIELD_MARKS = 8;
export const MAX_BATCH_BYTES = LINE_LIMIT_BYTES - FRAME_BYTES;

/** Returns a bound on the bytes of these changes in a line; exact only where it might not fit. */
export function sizeOf(changes: KeyTexts): number {
  const quick = entriesOf(changes).reduce((sum, entry) => sum + MAX_ESCAPE * lengthOf(entry), 0);
  return quick <= MAX_BATCH_BYTES
    ? quick
    : entriesOf(changes).reduce((sum, entry) => sum + bytesOf(entry), 0);
}

/**
 * Returns the changes that a line can hold, each by itself; the same object when all can. A session that cannot be kept
 * is deleted: from the older one on disk, a text would repeat the keys of another.
 */
export function withoutOversized(changes: KeyTexts): KeyTexts {
  if (sizeOf(changes) <= MAX_BATCH_BYTES) return changes;
  const tooLong = entriesOf(changes).filter((entry) => bytesOf(entry) > MAX_BATCH_BYTES);
  if (tooLong.length === 0) return changes;
  const kept = structuredClone(changes);
  for (const [type, id] of tooLong) {
    if (type === "session") kept[type] = { ...kept[type], [id]: null };
    else kept[type] = Object.fromEntries(Object.entries(kept[type] ?? {}).filter(([other]) => other !== id));
  }
  return kept;
}

/** Returns the changes in parts that fit a line each: one part, unless together they are too long. */
export function partsOf(changes: KeyTexts): KeyTexts[] {
  if (sizeOf(changes) <= MAX_BATCH_BYTES) return [changes];
  const parts: KeyTexts[] = [];
  let room = 0;
  for (const entry of entriesOf(changes)) {
    const size = bytesOf(entry);
    if (size > room) {
      parts.push({});
      room = MAX_BATCH_BYTES;
    }
    room -= size;
    const [type, id, text] = entry;
    const part = parts.at(-1) ?? {};
    part[type] = { ...part[type], [id]: text };
  }
  return parts;
}

export function merged(older: KeyTexts, newer: KeyTexts): KeyTexts {
  const all = { ...older };
  for (const [type, values] of Object.entries(newer)) all[type] = { ...all[type], ...values };
  return all;
}

type Entry = readonly [type: string, id: string, text: string | null];

function entriesOf(changes: KeyTexts): Entry[] {
  return Object.entries(changes).flatMap(([type, values]) =>
    Object.entries(values).map(([id, text]) => [type, id, text] as const),
  );
}

function lengthOf([type, id, text]: Entry): number {
  return type.length + id.length + (text?.length ?? 0) + FIELD_MARKS;
}

/** With the name of its type and the marks around it, as if it stood alone. */
function bytesOf([type, id, text]: Entry): number {
  return Buffer.byteLength(JSON.stringify({ [type]: { [id]: text } })) + FIELD_MARKS;
}
