// Tests which root each connection trusts, and that a refused handshake ends before Baileys encrypts its key.
import "../../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { it } from "node:test";
import { Curve, makeNoiseHandler, NOISE_WA_HEADER, proto, WA_CERT_DETAILS, type WASocket } from "baileys";
import { pino } from "pino";
import { makeServerIdentity, type ServerIdentity } from "../../simulator/noise/certificate.ts";
import { Handshake } from "../../simulator/noise/handshake.ts";
import { expectHandshake, offeredRoot } from "./certificate_check.ts";

const identity = makeServerIdentity();
const foreign = makeServerIdentity();

const headersWith = (key: Uint8Array): { "x-simulated-root": string } => ({
  "x-simulated-root": Buffer.from(key).toString("base64"),
});

/** Shakes hands as Baileys does; returns its encrypted key. */
function shakeHands(server: ServerIdentity): Uint8Array {
  const ephemeral = Curve.generateKeyPair();
  const logger = pino({ level: "silent" });
  const client = makeNoiseHandler({ keyPair: ephemeral, NOISE_HEADER: NOISE_WA_HEADER, logger });
  const hello = { clientHello: { ephemeral: ephemeral.public } };
  const answer = new Handshake(server).answerHello(proto.HandshakeMessage.encode(hello).finish());
  return client.processHandshake(proto.HandshakeMessage.decode(answer), Curve.generateKeyPair());
}

/** Expects a handshake and offers a root in the upgrade, if any; returns the causes of its refusals. */
function expecting(simulated: boolean, headers: object = {}): string[] {
  const causes: string[] = [];
  const ws = new EventEmitter();
  expectHandshake({ ws } as unknown as WASocket, simulated, (cause) => causes.push(cause));
  ws.emit("upgrade", { headers });
  return causes;
}

it("a simulated server is checked against the root that it offers", () => {
  const causes = expecting(true, headersWith(identity.root.public));
  assert.ok(shakeHands(identity).length > 0);
  assert.deepEqual(causes, []);
});

it("a simulated server whose chain is of another root is refused", () => {
  const causes = expecting(true, headersWith(foreign.root.public));
  assert.throws(() => shakeHands(identity), { name: "ChainRefused", reason: "certificate" });
  assert.deepEqual(causes, ["certificate"]);
});

it("a simulated server that offers no readable root is not checked", () => {
  for (const headers of [{}, { "x-simulated-root": "short" }, { "x-simulated-root": ["a", "b"] }]) {
    assert.equal(offeredRoot(headers), null);
    const causes = expecting(true, headers);
    assert.ok(shakeHands(identity).length > 0);
    assert.deepEqual(causes, []);
  }
});

it("the real server is checked against WhatsApp's root, whatever it offers", () => {
  const causes = expecting(false, headersWith(identity.root.public));
  assert.throws(() => shakeHands(identity), { reason: "certificate" });
  assert.deepEqual(causes, ["certificate"]);
});

it("WhatsApp's root is the one that other clients trust too", () => {
  assert.equal(
    WA_CERT_DETAILS.PUBLIC_KEY.toString("hex"),
    "142375574d0a587166aae71ebe516437c4a28b73e3695c6ce1f7f9545da8ee6b",
    "an upgrade of Baileys has changed the root: find out why before you trust it",
  );
});

it("each expectation is for one handshake", () => {
  const causes = expecting(true, headersWith(identity.root.public));
  shakeHands(identity);
  assert.throws(() => shakeHands(identity), /no handshake expected/);
  assert.deepEqual(causes, []);
});

it("bytes that are no certificate are refused as a foreign certificate", () => {
  const causes = expecting(true, headersWith(identity.root.public));
  const details = Buffer.from([0xff, 0xff]);
  const signature = Curve.sign(identity.root.private, details);
  const certificateChain = proto.CertChain.encode({
    intermediate: { details, signature },
    leaf: { details, signature },
  }).finish();
  assert.throws(() => shakeHands({ ...identity, certificateChain }));
  assert.deepEqual(causes, ["certificate"]);
});
