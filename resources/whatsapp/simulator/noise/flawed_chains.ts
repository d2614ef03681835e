// Certificate chains that a client must refuse, by the fault that makes the server present them.
import { Curve } from "baileys";
import { nowSeconds, signChain, type ChainFlaws, type ServerIdentity, type Validity } from "./certificate.ts";

const YEAR_S = 365 * 24 * 60 * 60;

const yearFrom = (notBefore: number): { leafValidity: Validity } => ({
  leafValidity: { notBefore, notAfter: notBefore + YEAR_S },
});

const FLAWS = {
  foreign_root: () => ({ rootSigner: Curve.generateKeyPair() }),
  foreign_leaf: () => ({ leafKey: Curve.generateKeyPair().public }),
  expired_chain: () => yearFrom(nowSeconds() - 2 * YEAR_S),
  early_chain: () => yearFrom(nowSeconds() + YEAR_S),
} as const satisfies Record<string, () => ChainFlaws>;

export type ChainFault = keyof typeof FLAWS;

const KINDS = Object.keys(FLAWS) as ChainFault[];

/** Returns the server's own identity, or with the chain of the first of these faults that triggers. */
export function presentedIdentity(
  own: ServerIdentity,
  triggers: (kind: ChainFault) => boolean,
): ServerIdentity {
  const kind = KINDS.find(triggers);
  return kind ? { ...own, certificateChain: signChain(own.root, own.noiseKey, FLAWS[kind]()) } : own;
}
