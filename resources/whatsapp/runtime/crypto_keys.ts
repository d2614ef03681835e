// Wraps the keyed functions of Node's crypto so that raw keys arrive as KeyObjects.
import crypto, { createSecretKey } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

type KeyedFunction = (algorithm: string, key: unknown, ...rest: unknown[]) => unknown;

/**
 * Node 24 learns by two exceptions that a raw key is not a KeyObject: 10 of the 13 µs of an HMAC, and one text needs
 * some forty HMACs. Imported before every module that uses crypto.
 */
const KEYED_FUNCTIONS = ["createHmac", "createCipheriv", "createDecipheriv"] as const;

for (const name of KEYED_FUNCTIONS) {
  const original = crypto[name] as unknown as KeyedFunction;
  const withKeyObject: KeyedFunction = (algorithm, key, ...rest) =>
    original(algorithm, key instanceof Uint8Array ? createSecretKey(key) : key, ...rest);
  Object.assign(crypto, { [name]: withKeyObject });
}
syncBuiltinESMExports();
