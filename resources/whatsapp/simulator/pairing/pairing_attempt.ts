// One connection that asks to be linked: the keys it presented and the QR references it was given.
import { randomBytes } from "node:crypto";
import type { proto } from "baileys";
import type { Connection } from "../stream/connection.ts";
import type { Registration } from "../world/linked_device.ts";
import type { Enrolment } from "./enrolment.ts";

const REFERENCE_BYTES = 32;

export class PairingAttempt {
  readonly connection: Connection;
  readonly registration: Registration;
  readonly references: readonly string[];
  readonly #startedAt = Date.now();
  #used = false;
  /** Set once a phone has scanned. */
  enrolment: Enrolment | undefined;

  constructor(connection: Connection, registration: Registration, references: number) {
    this.connection = connection;
    this.registration = registration;
    this.references = Array.from(
      { length: references },
      () => `2@${randomBytes(REFERENCE_BYTES).toString("base64")}`,
    );
  }

  /** Spends the references if this one is still valid; `lifeMs` 0 means as long as the connection. */
  take(reference: string, lifeMs: number): boolean {
    const position = this.references.indexOf(reference);
    const expired = lifeMs > 0 && Date.now() - this.#startedAt > lifeMs * (position + 1);
    if (position < 0 || expired || this.#used) {
      return false;
    }
    this.#used = true;
    return true;
  }
}

/** The keys by which a client that asks to be linked introduces itself. */
export function readRegistration(
  payload: proto.ClientPayload,
  noiseKey: Uint8Array,
): Registration | undefined {
  const { eIdent, eRegid, eSkeyId, eSkeyVal, eSkeySig } = payload.devicePairingData ?? {};
  if (!eIdent || !eRegid || !eSkeyId || !eSkeyVal || !eSkeySig) {
    return undefined;
  }
  return {
    noiseKey,
    identity: eIdent,
    registrationId: Buffer.from(eRegid).readUInt32BE(),
    signedPreKey: { id: Buffer.from(eSkeyId).readUIntBE(0, 3), public: eSkeyVal, signature: eSkeySig },
  };
}
