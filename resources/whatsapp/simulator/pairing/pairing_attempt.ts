// One connection that asks to be linked: the keys it presented, its QR references, its pairing codes.
import { randomBytes } from "node:crypto";
import { proto, type KeyPair } from "baileys";
import type { Connection } from "../stream/connection.ts";
import type { Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import type { Registration } from "../world/linked_device.ts";
import type { Network, UnlinkedClient } from "../world/network.ts";
import type { Enrolment } from "./enrolment.ts";

const REFERENCE_BYTES = 32;

/** A program shows a code and waits for the phone of this user to type it. */
export interface CodeRequest {
  readonly user: string;
  readonly reference: Buffer;
  readonly wrappedKey: Buffer;
}

/** A link by passkey, as far as the server and the phone have come. */
export interface PasskeyCeremony {
  readonly account: Account;
  readonly challenge: string;
  /** Secret of the scanned QR code; a typed code has none. */
  readonly priorSecret: Uint8Array | undefined;
  reference?: string;
  /** The program's identity as it was committed to. */
  prologue?: { readonly identity: Uint8Array; readonly commitment: Uint8Array };
  /** The phone's ephemeral identity. */
  phone?: { readonly keys: KeyPair; readonly nonce: Buffer };
  code?: string;
  encryptionKey?: Buffer;
  /** Secret for the link, out of the sealed request. */
  advSecret?: Uint8Array;
  /** True when the program proved that it showed the scanned QR code. */
  isProven: boolean;
  /** True once the person has compared the codes. */
  isConfirmed: boolean;
  /** Why the phone went no further. */
  refused?: string;
}

export class PairingAttempt implements UnlinkedClient {
  readonly connection: Connection;
  readonly registration: Registration;
  readonly references: readonly string[];
  readonly #startedAt = Date.now();
  readonly #retired = new Set<string>();
  #used = false;
  /** Set once a phone has scanned, or typed the right code. */
  enrolment: Enrolment | undefined;
  /** By user: a program may ask for a code for each spelling of a number. */
  passkey: PasskeyCeremony | undefined;
  readonly codeRequests = new Map<string, CodeRequest>();
  #finished: (finish: Node | undefined) => void = () => undefined;

  constructor(connection: Connection, registration: Registration, references: number) {
    this.connection = connection;
    this.registration = registration;
    this.references = Array.from(
      { length: references },
      () => `2@${randomBytes(REFERENCE_BYTES).toString("base64")}`,
    );
  }

  /** Uses up the references if this one is still valid; `lifeMs` 0 means as long as the connection. */
  claimReference(reference: string, lifeMs: number): boolean {
    const position = this.references.indexOf(reference);
    const expired = lifeMs > 0 && Date.now() - this.#startedAt > lifeMs * (position + 1);
    if (position < 0 || expired || this.#used) {
      return false;
    }
    this.#used = true;
    return true;
  }

  /** From now on a QR code with this secret is refused. */
  retire(secret: Uint8Array): void {
    this.#retired.add(Buffer.from(secret).toString("base64"));
  }

  isRetired(secret: Uint8Array): boolean {
    return this.#retired.has(Buffer.from(secret).toString("base64"));
  }

  get hasRetired(): boolean {
    return this.#retired.size > 0;
  }

  /** Resolves to the client's final stanza about the code, or to undefined when the connection ends before. */
  codeFinished(): Promise<Node | undefined> {
    return new Promise((resolve) => {
      this.#finished = resolve;
    });
  }

  finishCode(finish: Node): void {
    this.#finished(finish);
  }

  abandon(): void {
    this.enrolment?.settle(false);
    this.#finished(undefined);
  }
}

/** Returns the open connections that ask to be linked, oldest first. */
export function pairingAttempts(network: Network): PairingAttempt[] {
  return [...network.connections.values()].filter((peer) => peer instanceof PairingAttempt);
}

/** Reads the keys with which a client asks to be linked. */
export function readRegistration(
  payload: proto.ClientPayload,
  noiseKey: Uint8Array,
): Registration | undefined {
  const { eIdent, eRegid, eSkeyId, eSkeyVal, eSkeySig, deviceProps } = payload.devicePairingData ?? {};
  if (!eIdent || !eRegid || !eSkeyId || !eSkeyVal || !eSkeySig) {
    return undefined;
  }
  return {
    noiseKey,
    identity: eIdent,
    registrationId: Buffer.from(eRegid).readUInt32BE(),
    signedPreKey: { id: Buffer.from(eSkeyId).readUIntBE(0, 3), public: eSkeyVal, signature: eSkeySig },
    system: (deviceProps && proto.DeviceProps.decode(deviceProps).os) ?? "",
  };
}
