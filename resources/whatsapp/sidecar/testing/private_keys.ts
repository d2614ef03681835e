// Extracts the private keys from the vault, for tests that search for leaks.
import type { Vault } from "./test_host.ts";

const MEMBERS = /"(?:private|privKey)":(?:"([^"]+)"|\{"type":"Buffer","data":"([^"]+)"\})/g;
const WHOLE_VALUE = /^\{"type":"Buffer","data":"([^"]+)"\}$/;

/** In base64, the form in which they would be printed. */
export function privateKeysIn({ keys, credentials }: Vault): string[] {
  const texts = [credentials ?? "", ...[...keys.values()].map(decoded)];
  return texts.flatMap((text) => [...text.matchAll(MEMBERS)].flatMap((match) => match[1] ?? match[2] ?? []));
}

/** A session is JSON again inside its bytes. */
function decoded(text: string): string {
  const bytes = WHOLE_VALUE.exec(text)?.[1];
  return bytes === undefined ? text : Buffer.from(bytes, "base64").toString();
}
