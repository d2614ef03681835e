// Tests whether Baileys verifies the signatures of the server's certificate chain.
import "../../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { test } from "node:test";
import { Curve, makeNoiseHandler, NOISE_WA_HEADER, proto, WA_CERT_DETAILS } from "baileys";
import { pino } from "pino";
import { makeServerIdentity } from "../../simulator/noise/certificate.ts";
import { Handshake } from "../../simulator/noise/handshake.ts";

const SIGNATURE_LENGTH = 64;
const identity = makeServerIdentity();

function badlySigned(length: number): Uint8Array {
  const { intermediate, leaf } = proto.CertChain.decode(identity.certificateChain);
  const resigned = (part: proto.CertChain.INoiseCertificate | null | undefined) => ({
    details: part?.details ?? new Uint8Array(),
    signature: randomBytes(length),
  });
  const chain = { intermediate: resigned(intermediate), leaf: resigned(leaf) };
  return proto.CertChain.encode(chain).finish();
}

/** Returns the outcome of Baileys' connection to a server with this chain. */
function greet(certificateChain: Uint8Array): void {
  const ephemeral = Curve.generateKeyPair();
  const logger = pino({ level: "silent" });
  const client = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger });
  const hello = { clientHello: { ephemeral: ephemeral.public } };
  const server = new Handshake({ ...identity, certificateChain });
  const answer = server.answerHello(proto.HandshakeMessage.encode(hello).finish());
  client.processHandshake(proto.HandshakeMessage.decode(answer), Curve.generateKeyPair());
}

// In this version Curve.verify answers true unless it throws, so only lengths are checked. Should this test fail, the
// check was repaired, which is good: set WA_CERT_DETAILS.PUBLIC_KEY to the simulator's rootPublicKey where tests and
// the training start (the last test below shows that this is enough), never in the shop, and turn this test round.
// server_address.ts stays strict all the same.
test("a chain with foreign signatures is accepted: TLS alone is the proof", () => {
  assert.doesNotThrow(() => {
    greet(badlySigned(SIGNATURE_LENGTH));
  }, "address.ts allows the one wss address and loopback because Baileys does not check who signed the certificate");
});

test("a chain with signatures of another length is refused", () => {
  assert.throws(() => {
    greet(badlySigned(SIGNATURE_LENGTH - 1));
  }, "certificate.ts of the simulator signs properly because Baileys does look at the chain");
});

test("the simulator's chain is accepted by a client that trusts its root", () => {
  const trusted = WA_CERT_DETAILS.PUBLIC_KEY;
  try {
    WA_CERT_DETAILS.PUBLIC_KEY = Buffer.from(identity.rootPublicKey);
    assert.doesNotThrow(() => {
      greet(identity.certificateChain);
    }, "the way to go on when Baileys checks signatures: trials set WA_CERT_DETAILS.PUBLIC_KEY");
  } finally {
    WA_CERT_DETAILS.PUBLIC_KEY = trusted;
  }
});
