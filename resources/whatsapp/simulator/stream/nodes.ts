// Builds and reads the binary-XML nodes that both sides exchange.
import { getBinaryNodeChild, getBinaryNodeChildBuffer, type BinaryNode } from "baileys";

export type Node = BinaryNode;
type Content = Node[] | Uint8Array | string;

/** The server's own address: an empty user, as the real server sends it. */
export const SERVER = "@s.whatsapp.net";

/** Attributes whose value is undefined are left out. */
export function node(tag: string, attrs: Record<string, string | undefined> = {}, content?: Content): Node {
  const given = Object.entries(attrs).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const made: Node = { tag, attrs: Object.fromEntries(given) };
  if (content !== undefined) {
    made.content = content;
  }
  return made;
}

export function attribute(from: Node, name: string): string {
  const value = from.attrs[name];
  if (value === undefined) {
    throw new Error(`<${from.tag}> lacks the attribute ${name}`);
  }
  return value;
}

export function child(from: Node, tag: string): Node {
  const found = getBinaryNodeChild(from, tag);
  if (!found) {
    throw new Error(`<${from.tag}> lacks the child ${tag}`);
  }
  return found;
}

export function childBytes(from: Node, tag: string): Buffer {
  const bytes = getBinaryNodeChildBuffer(from, tag);
  if (!bytes) {
    throw new Error(`<${from.tag}> lacks the bytes of ${tag}`);
  }
  return Buffer.from(bytes);
}

export function contentBytes(from: Node): Buffer {
  if (from.content instanceof Uint8Array) {
    return Buffer.from(from.content);
  }
  if (typeof from.content === "string") {
    return Buffer.from(from.content);
  }
  throw new Error(`<${from.tag}> holds no bytes`);
}

export function bigEndian(value: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
}

export function nowInSeconds(): string {
  return Math.floor(Date.now() / 1000).toString();
}
