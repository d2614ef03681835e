// The passkey of the simulated account's owner: it signs WebAuthn requests as a browser at WhatsApp's site would.
import { createHash, generateKeyPairSync, randomBytes, sign, verify, type KeyObject } from "node:crypto";

export const SITE = "whatsapp.com";
export const ORIGIN = "https://web.whatsapp.com";
const PRESENT_AND_VERIFIED = 0x05;
const VERIFIED = 0x04;
const CREDENTIAL_LENGTH = 16;

export interface Assertion {
  readonly id: string;
  readonly rawId: string;
  readonly type: "public-key";
  readonly response: {
    readonly clientDataJSON: string;
    readonly authenticatorData: string;
    readonly signature: string;
    readonly userHandle: string | null;
  };
}

/** What a browser at another site, or an authenticator without a check of the person, would sign. */
export interface Circumstances {
  readonly origin?: string | undefined;
  readonly verified?: boolean | undefined;
}

export class Passkey {
  readonly credentialId = randomBytes(CREDENTIAL_LENGTH);
  readonly #private: KeyObject;
  readonly #public: KeyObject;

  constructor() {
    const keys = generateKeyPairSync("ec", { namedCurve: "P-256" });
    this.#private = keys.privateKey;
    this.#public = keys.publicKey;
  }

  sign(challenge: string, { origin = ORIGIN, verified = true }: Circumstances = {}): Assertion {
    const clientData = Buffer.from(JSON.stringify({ type: "webauthn.get", challenge, origin }));
    const flags = Buffer.from([verified ? PRESENT_AND_VERIFIED : PRESENT_AND_VERIFIED & ~VERIFIED]);
    const data = Buffer.concat([sha256(Buffer.from(SITE)), flags, Buffer.alloc(4)]);
    const signature = sign("sha256", Buffer.concat([data, sha256(clientData)]), this.#private);
    const id = this.credentialId.toString("base64url");
    return {
      id,
      rawId: id,
      type: "public-key",
      response: {
        clientDataJSON: clientData.toString("base64url"),
        authenticatorData: data.toString("base64url"),
        signature: signature.toString("base64url"),
        userHandle: null,
      },
    };
  }

  /** Returns whether this passkey has signed this challenge at WhatsApp's site, its person checked. */
  accepts(credentialId: Uint8Array, assertion: Assertion, challenge: string): boolean {
    const { response } = assertion;
    const clientData = Buffer.from(response.clientDataJSON, "base64url");
    const data = Buffer.from(response.authenticatorData, "base64url");
    const read = JSON.parse(clientData.toString()) as Record<string, unknown>;
    const signed = Buffer.concat([data, sha256(clientData)]);
    return (
      this.credentialId.equals(credentialId) &&
      read["type"] === "webauthn.get" &&
      read["challenge"] === challenge &&
      read["origin"] === ORIGIN &&
      data.subarray(0, 32).equals(sha256(Buffer.from(SITE))) &&
      ((data[32] ?? 0) & VERIFIED) !== 0 &&
      verify("sha256", signed, this.#public, Buffer.from(response.signature, "base64url"))
    );
  }
}

function sha256(bytes: Uint8Array): Buffer {
  return createHash("sha256").update(bytes).digest();
}
