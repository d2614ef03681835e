// Hands keys to Node's crypto in the form that Node takes quickly.
import crypto, { createSecretKey } from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

type KeyedFunction = (algorithm: string, key: unknown, ...rest: unknown[]) => unknown;

/**
 * Node 24 asks of every key whether it is one of its own objects, and learns of plain bytes by two exceptions that they
 * are not: 10 of the 13 µs of an HMAC, and a text needs some forty of them. Imported before whatever uses crypto.
 */
const KEYED_FUNCTIONS = ["createHmac", "createCipheriv", "createDecipheriv"] as const;

for (const name of KEYED_FUNCTIONS) {
  const original = crypto[name] as unknown as KeyedFunction;
  const withKeyObject: KeyedFunction = (algorithm, key, ...rest) =>
    original(algorithm, key instanceof Uint8Array ? createSecretKey(key) : key, ...rest);
  Object.assign(crypto, { [name]: withKeyObject });
}
syncBuiltinESMExports();
