// Reads and writes Baileys' credentials as the opaque text Python keeps.
import { BufferJSON, initAuthCreds, jidNormalizedUser, type AuthenticationCreds } from "baileys";
import type { Account } from "../protocol/requests.ts";
import { Failure } from "../rpc/failure.ts";

/**
 * New credentials unless the saved ones are paired: an abandoned pairing code leaves an account's name behind, with
 * which the next connection would try to log in and be thrown out.
 */
export function openCredentials(saved: string | null): AuthenticationCreds {
  if (saved === null) return initAuthCreds();
  const creds = parse(saved);
  return accountOf(creds) === null ? initAuthCreds() : creds;
}

export function credentialsText(creds: AuthenticationCreds): string {
  return JSON.stringify(creds, BufferJSON.replacer);
}

/** The shop's account, once the session is paired. `registered` stays false after a QR pairing and says nothing. */
export function accountOf(creds: AuthenticationCreds): Account | null {
  if (!creds.me?.id || !creds.account) return null;
  return { jid: jidNormalizedUser(creds.me.id), lid: creds.me.lid ? jidNormalizedUser(creds.me.lid) : null };
}

function parse(saved: string): AuthenticationCreds {
  try {
    return JSON.parse(saved, BufferJSON.reviver) as AuthenticationCreds;
  } catch {
    throw new Failure("invalid");
  }
}
