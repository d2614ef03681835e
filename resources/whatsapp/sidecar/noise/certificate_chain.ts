// Verifies the certificate chain of a Noise handshake: root, intermediate, leaf, the server's key, both validities.
import { generateSignalPubKey, proto } from "baileys";
import { verifySignature } from "libsignal/src/curve.js";
import type { CloseCause } from "../protocol/events.ts";

type Certificate = proto.CertChain.INoiseCertificate | null | undefined;
type Details = proto.CertChain.NoiseCertificate.Details;

const ROOT_SERIAL = 0;
const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** Facts of a handshake that its chain is verified against. */
export interface HandshakeFacts {
  /** Public key of the trusted root. */
  root: Uint8Array;
  /** Static key that the server has proved to hold. */
  serverKey: Uint8Array;
  nowSeconds: number;
}

/** Refusal of a chain; `fault` is for the log. The cause is `clock` where all but the time is good. */
export class ChainRefused extends Error {
  readonly reason: Extract<CloseCause, "certificate" | "clock">;

  constructor(fault: string, reason: ChainRefused["reason"] = "certificate") {
    super(`certificate chain refused: ${fault}`);
    this.name = "ChainRefused";
    this.reason = reason;
  }
}

/** Throws ChainRefused; any other error means bytes that are no certificate. */
export function verifyChain({ intermediate, leaf }: proto.ICertChain, facts: HandshakeFacts): void {
  const issuer = verifiedDetails(facts.root, intermediate, "intermediate");
  if ((issuer.issuerSerial ?? 0) !== ROOT_SERIAL) throw new ChainRefused("intermediate of another issuer");
  if (issuer.key?.length !== KEY_BYTES) throw new ChainRefused("intermediate without key");
  const server = verifiedDetails(issuer.key, leaf, "leaf");
  if ((server.issuerSerial ?? 0) !== (issuer.serial ?? 0)) throw new ChainRefused("leaf of another issuer");
  if (!Buffer.from(server.key ?? []).equals(facts.serverKey))
    throw new ChainRefused("leaf of another server");
  for (const details of [issuer, server]) verifyValidity(details, facts.nowSeconds);
}

/** Returns the details of a certificate whose signature is its issuer's. */
function verifiedDetails(issuerKey: Uint8Array, certificate: Certificate, part: string): Details {
  const { details, signature } = certificate ?? {};
  if (!details?.length || !signature?.length) throw new ChainRefused(`no ${part}`);
  if (signature.length !== SIGNATURE_BYTES) throw new ChainRefused(`${part} signature of another length`);
  const key = Buffer.from(generateSignalPubKey(issuerKey));
  // Baileys' own Curve.verify drops this answer and returns true for any signature of this length.
  if (!verifySignature(key, Buffer.from(details), Buffer.from(signature))) {
    throw new ChainRefused(`${part} signature`);
  }
  return proto.CertChain.NoiseCertificate.Details.decode(details);
}

function verifyValidity({ notBefore, notAfter }: Details, nowSeconds: number): void {
  if (notBefore == null || notAfter == null) throw new ChainRefused("no validity");
  if (nowSeconds < Number(notBefore)) throw new ChainRefused("not valid yet", "clock");
  if (nowSeconds > Number(notAfter)) throw new ChainRefused("no longer valid", "clock");
}
