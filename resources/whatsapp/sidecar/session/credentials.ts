// Reads and writes Baileys' credentials as the opaque text that Python stores.
import { BufferJSON, initAuthCreds, jidNormalizedUser, type AuthenticationCreds } from "baileys";
import type { Account } from "../protocol/requests.ts";
import { isRecord } from "../protocol/shapes.ts";
import { Failure } from "../rpc/failure.ts";

const KEY_PAIRS = ["noiseKey", "signedIdentityKey"];

/**
 * Returns new credentials unless the saved ones are paired: an abandoned pairing code leaves an account's name behind,
 * with which the next connection would try to log in and be rejected.
 */
export function openCredentials(saved: string | null): AuthenticationCreds {
  if (saved === null) return initAuthCreds();
  const creds = parse(saved);
  return accountOf(creds) === null ? initAuthCreds() : creds;
}

export function credentialsText(creds: AuthenticationCreds): string {
  return JSON.stringify(creds, BufferJSON.replacer);
}

/**
 * Returns the shop's account once the session is paired. `registered` stays false after a QR pairing and is no sign.
 */
export function accountOf(creds: AuthenticationCreds): Account | null {
  if (!creds.me?.id || !creds.account) return null;
  return { jid: jidNormalizedUser(creds.me.id), lid: creds.me.lid ? jidNormalizedUser(creds.me.lid) : null };
}

function parse(saved: string): AuthenticationCreds {
  const creds = parsed(saved);
  if (!isCredentials(creds)) throw new Failure("credentials_unreadable");
  return creds;
}

function parsed(saved: string): unknown {
  try {
    return JSON.parse(saved, BufferJSON.reviver) as unknown;
  } catch {
    throw new Failure("credentials_unreadable");
  }
}

/**
 * Returns whether Baileys can open a socket with these credentials: without a key pair it fails inside, each time in
 * the same way.
 */
function isCredentials(creds: unknown): creds is AuthenticationCreds {
  const property = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);
  const pairs = [
    ...KEY_PAIRS.map((name) => property(creds, name)),
    property(property(creds, "signedPreKey"), "keyPair"),
  ];
  return pairs.every((pair) => property(pair, "private") instanceof Uint8Array);
}
