// The server's certificate chain: a root signs an intermediate, which signs the leaf holding the Noise key.
import { Curve, proto, type KeyPair } from "baileys";

const { Details } = proto.CertChain.NoiseCertificate;
const TEN_YEARS_S = 10 * 365 * 24 * 60 * 60;
const LEAF_SERIAL = 2;
const INTERMEDIATE_SERIAL = 1;
const ROOT_SERIAL = 0;

export interface ServerIdentity {
  readonly noiseKey: KeyPair;
  readonly certificateChain: Uint8Array;
  /** The key that a client must trust if it verifies signatures. */
  readonly rootPublicKey: Uint8Array;
}

function certify(signer: KeyPair, key: Uint8Array, serial: number, issuerSerial: number) {
  const notBefore = Math.floor(Date.now() / 1000) - 24 * 60 * 60;
  const details = Details.encode({
    serial,
    issuerSerial,
    key,
    notBefore,
    notAfter: notBefore + TEN_YEARS_S,
  }).finish();
  return { details, signature: Curve.sign(signer.private, details) };
}

export function makeServerIdentity(): ServerIdentity {
  const root = Curve.generateKeyPair();
  const intermediate = Curve.generateKeyPair();
  const noiseKey = Curve.generateKeyPair();
  const certificateChain = proto.CertChain.encode({
    intermediate: certify(root, intermediate.public, INTERMEDIATE_SERIAL, ROOT_SERIAL),
    leaf: certify(intermediate, noiseKey.public, LEAF_SERIAL, INTERMEDIATE_SERIAL),
  }).finish();
  return { noiseKey, certificateChain, rootPublicKey: root.public };
}
