// Tests of the handshake against the initiator inside Baileys, and of the certificate chain.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Curve, generateSignalPubKey, makeNoiseHandler, NOISE_WA_HEADER, proto, type KeyPair } from "baileys";
import { verifySignature } from "libsignal/src/curve.js";
import { pino } from "pino";
import { makeServerIdentity } from "./certificate.ts";
import { Handshake } from "./handshake.ts";

const identity = makeServerIdentity();
const noiseKey = Curve.generateKeyPair();
const FRAME_PREFIX = 3;

function initiator(ephemeral: KeyPair) {
  const logger = pino({ level: "silent" });
  const noise = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger });
  noise.encodeFrame(Buffer.alloc(0));
  return noise;
}

function shakeHands(alterFinish: (frame: Uint8Array) => Uint8Array = (frame) => frame) {
  const ephemeral = Curve.generateKeyPair();
  const client = initiator(ephemeral);
  const server = new Handshake(identity);
  const hello = { clientHello: { ephemeral: ephemeral.public } };
  const answer = server.answerHello(proto.HandshakeMessage.encode(hello).finish());
  const key = client.processHandshake(proto.HandshakeMessage.decode(answer), noiseKey);
  const payload = client.encrypt(proto.ClientPayload.encode({ username: 5573999990000, device: 3 }).finish());
  const finish = proto.HandshakeMessage.encode({ clientFinish: { static: key, payload } }).finish();
  return { client, greeting: server.finish(alterFinish(finish)) };
}

function isSigned(
  key: Uint8Array | null | undefined,
  part?: proto.CertChain.INoiseCertificate | null,
): boolean {
  assert.ok(key && part?.details && part.signature);
  const signer = Buffer.from(generateSignalPubKey(key));
  return verifySignature(signer, Buffer.from(part.details), Buffer.from(part.signature));
}

test("Baileys' own initiator and the responder arrive at the same keys", async () => {
  const { client, greeting } = shakeHands();
  assert.deepEqual(Buffer.from(greeting.clientKey), Buffer.from(noiseKey.public));
  assert.equal(Number(greeting.payload.username), 5573999990000);
  assert.equal(greeting.payload.device, 3);
  await client.finishInit();
  for (const words of ["first", "second"]) {
    const up = client.encodeFrame(Buffer.from(words)).subarray(FRAME_PREFIX);
    assert.equal(greeting.cipher.open(up).toString(), words);
    assert.equal(Buffer.from(client.decrypt(greeting.cipher.seal(Buffer.from(words)))).toString(), words);
  }
});

test("a finish that was tampered with is refused", () => {
  const flipLast = (frame: Uint8Array): Uint8Array => {
    const copy = Buffer.from(frame);
    copy.writeUInt8(copy.readUInt8(copy.length - 1) ^ 1, copy.length - 1);
    return copy;
  };
  assert.throws(() => shakeHands(flipLast));
});

test("the certificate chain holds from the root to the server's key", () => {
  const { Details } = proto.CertChain.NoiseCertificate;
  const { intermediate, leaf } = proto.CertChain.decode(identity.certificateChain);
  const issuer = Details.decode(intermediate?.details ?? new Uint8Array());
  const holder = Details.decode(leaf?.details ?? new Uint8Array());
  assert.ok(isSigned(identity.root.public, intermediate));
  assert.ok(isSigned(issuer.key, leaf));
  assert.ok(!isSigned(identity.root.public, leaf));
  assert.equal(issuer.issuerSerial, 0);
  assert.equal(holder.issuerSerial, issuer.serial);
  assert.deepEqual(Buffer.from(holder.key ?? ""), Buffer.from(identity.noiseKey.public));
});
