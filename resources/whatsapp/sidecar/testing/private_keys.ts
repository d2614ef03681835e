// Digs the private keys out of what the vault holds, to look for them where they must not be.
import type { Vault } from "./test_host.ts";

const MEMBERS = /"(?:private|privKey)":(?:"([^"]+)"|\{"type":"Buffer","data":"([^"]+)"\})/g;
const WHOLE_VALUE = /^\{"type":"Buffer","data":"([^"]+)"\}$/;

/** In base64, as they would be printed. */
export function privateKeysIn({ keys, credentials }: Vault): string[] {
  const texts = [credentials ?? "", ...[...keys.values()].map(decoded)];
  return texts.flatMap((text) => [...text.matchAll(MEMBERS)].flatMap((match) => match[1] ?? match[2] ?? []));
}

/** A session is JSON again inside its bytes. */
function decoded(text: string): string {
  const bytes = WHOLE_VALUE.exec(text)?.[1];
  return bytes === undefined ? text : Buffer.from(bytes, "base64").toString();
}
