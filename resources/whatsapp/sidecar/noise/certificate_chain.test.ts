// Tests which certificate chains are accepted, and as what the others are refused.
import "../../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { it } from "node:test";
import { Curve, proto } from "baileys";
import { nowSeconds, signChain, type ChainFlaws } from "../../simulator/noise/certificate.ts";
import { verifyChain } from "./certificate_chain.ts";

const DAY_S = 86_400;
const root = Curve.generateKeyPair();
const server = Curve.generateKeyPair();
const facts = { root: root.public, serverKey: server.public, nowSeconds: nowSeconds() };
const other = Curve.generateKeyPair();
const over = { notBefore: facts.nowSeconds - 2 * DAY_S, notAfter: facts.nowSeconds - DAY_S };
const early = { notBefore: facts.nowSeconds + DAY_S, notAfter: facts.nowSeconds + 2 * DAY_S };

const chainWith = (flaws: ChainFlaws = {}): proto.ICertChain =>
  proto.CertChain.decode(signChain(root, server, flaws));
const certificate = (fault: string): object => ({
  name: "ChainRefused",
  reason: "certificate",
  message: `certificate chain refused: ${fault}`,
});
const clock = (fault: string): object => ({ ...certificate(fault), reason: "clock" });

it("accepts a chain that the root signed for this server", () => {
  assert.doesNotThrow(() => {
    verifyChain(chainWith(), facts);
  });
});

const flawed: [string, ChainFlaws, object][] = [
  ["a foreign root", { rootSigner: other }, certificate("intermediate signature")],
  ["a foreign intermediate", { intermediateSigner: other }, certificate("leaf signature")],
  ["an intermediate of another issuer", { rootSerial: 7 }, certificate("intermediate of another issuer")],
  ["a leaf of another issuer", { intermediateSerial: 7 }, certificate("leaf of another issuer")],
  ["a leaf for another server's key", { leafKey: other.public }, certificate("leaf of another server")],
  ["a leaf without a key", { leafKey: new Uint8Array() }, certificate("leaf of another server")],
  ["a leaf that is over", { leafValidity: over }, clock("no longer valid")],
  ["an intermediate that is over", { intermediateValidity: over }, clock("no longer valid")],
  ["a leaf of the future", { leafValidity: early }, clock("not valid yet")],
  ["an intermediate of the future", { intermediateValidity: early }, clock("not valid yet")],
  ["a chain without validity", { leafValidity: {} }, certificate("no validity")],
  [
    "an expired chain of a foreign root",
    { rootSigner: other, leafValidity: over },
    certificate("intermediate signature"),
  ],
];

for (const [chain, flaws, refusal] of flawed) {
  it(`refuses ${chain}`, () => {
    assert.throws(() => {
      verifyChain(chainWith(flaws), facts);
    }, refusal);
  });
}

for (const part of ["intermediate", "leaf"] as const) {
  it(`refuses a chain without ${part}, or with a part of it`, () => {
    const missing = [
      null,
      {},
      { ...chainWith()[part], signature: null },
      { ...chainWith()[part], details: null },
    ];
    for (const certificatePart of missing) {
      assert.throws(
        () => {
          verifyChain({ ...chainWith(), [part]: certificatePart }, facts);
        },
        certificate(`no ${part}`),
      );
    }
  });

  it(`refuses a short and a long signature of the ${part}`, () => {
    const { details, signature } = chainWith()[part] ?? {};
    assert.ok(signature);
    for (const bytes of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)])]) {
      assert.throws(
        () => {
          verifyChain({ ...chainWith(), [part]: { details, signature: bytes } }, facts);
        },
        certificate(`${part} signature of another length`),
      );
    }
  });
}

it("refuses the chain of another server and of the real root", () => {
  assert.throws(() => {
    verifyChain(chainWith(), { ...facts, serverKey: other.public });
  }, certificate("leaf of another server"));
  assert.throws(() => {
    verifyChain(chainWith(), { ...facts, root: other.public });
  }, certificate("intermediate signature"));
});

it("accepts the first and the last second of a validity", () => {
  const leafValidity = { notBefore: facts.nowSeconds, notAfter: facts.nowSeconds };
  assert.doesNotThrow(() => {
    verifyChain(chainWith({ leafValidity }), facts);
  });
  for (const seconds of [-1, 1]) {
    assert.throws(
      () => {
        verifyChain(chainWith({ leafValidity }), { ...facts, nowSeconds: facts.nowSeconds + seconds });
      },
      { reason: "clock" },
    );
  }
});
