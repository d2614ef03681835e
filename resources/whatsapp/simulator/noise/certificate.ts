// The server's certificate chain: a root signs an intermediate, which signs the leaf holding the Noise key.
import { Curve, proto, type KeyPair } from "baileys";

const { Details } = proto.CertChain.NoiseCertificate;
const DAY_S = 24 * 60 * 60;
const TEN_YEARS_S = 10 * 365 * DAY_S;
const LEAF_SERIAL = 2;
const INTERMEDIATE_SERIAL = 1;
const ROOT_SERIAL = 0;

export interface ServerIdentity {
  readonly noiseKey: KeyPair;
  readonly certificateChain: Uint8Array;
  /** The key that signed the chain; a client must trust its public half. */
  readonly root: KeyPair;
}

/** Deviations from a good chain, each in one place. */
export interface ChainFlaws {
  /** Signs the intermediate in the root's place. */
  readonly rootSigner?: KeyPair;
  /** Signs the leaf in the intermediate's place. */
  readonly intermediateSigner?: KeyPair;
  readonly rootSerial?: number;
  readonly intermediateSerial?: number;
  readonly leafKey?: Uint8Array;
  readonly intermediateValidity?: Partial<Validity>;
  readonly leafValidity?: Partial<Validity>;
}

/** Both in Unix seconds. */
export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

export const nowSeconds = (): number => Math.floor(Date.now() / 1000);

function certify(signer: KeyPair, details: proto.CertChain.NoiseCertificate.IDetails) {
  const bytes = Details.encode(details).finish();
  return { details: bytes, signature: Curve.sign(signer.private, bytes) };
}

export function signChain(root: KeyPair, noiseKey: KeyPair, flaws: ChainFlaws = {}): Uint8Array {
  const intermediate = Curve.generateKeyPair();
  const notBefore = nowSeconds() - DAY_S;
  const validity = { notBefore, notAfter: notBefore + TEN_YEARS_S };
  return proto.CertChain.encode({
    intermediate: certify(flaws.rootSigner ?? root, {
      serial: INTERMEDIATE_SERIAL,
      issuerSerial: flaws.rootSerial ?? ROOT_SERIAL,
      key: intermediate.public,
      ...(flaws.intermediateValidity ?? validity),
    }),
    leaf: certify(flaws.intermediateSigner ?? intermediate, {
      serial: LEAF_SERIAL,
      issuerSerial: flaws.intermediateSerial ?? INTERMEDIATE_SERIAL,
      key: flaws.leafKey ?? noiseKey.public,
      ...(flaws.leafValidity ?? validity),
    }),
  }).finish();
}

export function makeServerIdentity(): ServerIdentity {
  const root = Curve.generateKeyPair();
  const noiseKey = Curve.generateKeyPair();
  return { noiseKey, certificateChain: signChain(root, noiseKey), root };
}
