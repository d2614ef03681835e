// Saves the whole credentials over the wire, one save after the other.
import type { AuthenticationCreds } from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import { accountOf, credentialsText } from "./credentials.ts";

export class CredentialSaver {
  readonly #wire: Wire;
  #last: Promise<void> = Promise.resolve();

  constructor(wire: Wire) {
    this.#wire = wire;
  }

  save(creds: AuthenticationCreds): void {
    const params = { credentials: credentialsText(creds), account: accountOf(creds) };
    this.#last = this.#last.then(async () => {
      try {
        await this.#wire.request("creds.save", params);
      } catch (error) {
        log.error({ error }, "credentials not saved");
      }
    });
  }

  /** Resolves when every requested save is answered. */
  settled(): Promise<void> {
    return this.#last;
  }
}
