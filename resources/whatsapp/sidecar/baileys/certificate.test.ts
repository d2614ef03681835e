// Tests of Baileys' handshake, on which our check of the server's certificate chain hangs.
import "../../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { afterEach, test } from "node:test";
import { Curve, makeNoiseHandler, NOISE_WA_HEADER, proto } from "baileys";
import { pino } from "pino";
import { makeServerIdentity } from "../../simulator/noise/certificate.ts";
import { Handshake } from "../../simulator/noise/handshake.ts";

const SIGNATURE_LENGTH = 64;
const identity = makeServerIdentity();
const { sharedKey } = Curve;
const decode = proto.CertChain.decode.bind(proto.CertChain);

afterEach(() => {
  Curve.sharedKey = sharedKey;
  proto.CertChain.decode = decode;
});

function badlySigned(length: number): Uint8Array {
  const { intermediate, leaf } = proto.CertChain.decode(identity.certificateChain);
  const resigned = (part: proto.CertChain.INoiseCertificate | null | undefined) => ({
    details: part?.details ?? new Uint8Array(),
    signature: randomBytes(length),
  });
  const chain = { intermediate: resigned(intermediate), leaf: resigned(leaf) };
  return proto.CertChain.encode(chain).finish();
}

/** Prepares Baileys' side of a handshake with a server of this chain; the returned function processes its answer. */
function greet(certificateChain: Uint8Array): () => Uint8Array {
  const ephemeral = Curve.generateKeyPair();
  const logger = pino({ level: "silent" });
  const client = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger });
  const hello = { clientHello: { ephemeral: ephemeral.public } };
  const server = new Handshake({ ...identity, certificateChain });
  const answer = server.answerHello(proto.HandshakeMessage.encode(hello).finish());
  const noiseKey = Curve.generateKeyPair();
  return () => client.processHandshake(proto.HandshakeMessage.decode(answer), noiseKey);
}

// In this version Curve.verify answers true unless it throws, so only lengths are checked. Should this test fail, the
// check was repaired: our own stays, and trainings need WA_CERT_DETAILS.PUBLIC_KEY to be the simulator's root as well.
test("Baileys itself accepts a chain with foreign signatures", () => {
  assert.doesNotThrow(
    greet(badlySigned(SIGNATURE_LENGTH)),
    "noise/certificate_check.ts exists because Baileys does not check who signed the chain",
  );
});

test("Baileys itself refuses signatures of another length", () => {
  assert.throws(greet(badlySigned(SIGNATURE_LENGTH - 1)));
});

test("the handshake agrees with the server's key, then decodes its chain, in one go", () => {
  const calls: string[] = [];
  const processAnswer = greet(identity.certificateChain);
  Curve.sharedKey = (own, other) => {
    calls.push(Buffer.from(other).equals(identity.noiseKey.public) ? "server key" : "another key");
    return sharedKey(own, other);
  };
  proto.CertChain.decode = (...bytes) => {
    calls.push("chain");
    return decode(...bytes);
  };
  processAnswer();
  assert.deepEqual(
    calls,
    ["another key", "server key", "chain", "another key"],
    "noise/certificate_check.ts takes the key of the call before the chain for the server's static key",
  );
});

test("an error while the chain is decoded ends the handshake without an encrypted key", () => {
  const processAnswer = greet(identity.certificateChain);
  proto.CertChain.decode = () => {
    throw new Error("refused");
  };
  assert.throws(processAnswer, /refused/, "noise/certificate_check.ts refuses a chain by throwing there");
});
