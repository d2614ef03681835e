// Tests of a link by passkey between the real Baileys and a simulated WhatsApp, and of all that can end it.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, afterEach, before, describe, it } from "node:test";
import type { BinaryNode } from "baileys";
import { openSimulator, SHOP } from "../../simulator/testing/simulator_harness.ts";
import { PasskeyHarness } from "./passkey_harness.ts";

const FIVE_MINUTES = 5 * 60_000;
const TEN_MINUTES = 2 * FIVE_MINUTES;

const simulator = await openSimulator();
const { admin } = simulator;

/** A link by passkey in which one thing goes wrong. */
async function withFault(kind: string, fields: object = {}): Promise<void> {
  await simulator.fault(kind, { times: 1, ...fields });
}

describe("a link by passkey", { timeout: 60_000 }, () => {
  before(async () => {
    await admin.post("options", { passkey: true });
  });

  afterEach(async () => {
    await admin.post("disarm-all");
  });

  after(async () => {
    await admin.post("options", { passkey: false });
  });

  it("is proven by the scanned QR code, and needs no comparison", async () => {
    const [linking, { code, isProven }] = await PasskeyHarness.withCode(simulator);
    assert.deepEqual(await linking.phone(), { code, proven: true, refused: null });
    assert.match(code, /^[1-9A-HJ-NP-TV-Z]{4}-[1-9A-HJ-NP-TV-Z]{4}$/);
    assert.equal(isProven, true);
    await linking.linking.confirm();
    await linking.loggedIn();
  });

  it("has its codes compared once the proof is too old", async () => {
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    linking.clock.advance(FIVE_MINUTES);
    await linking.linking.answer(assertion);
    const { code, isProven } = await linking.next("code");
    assert.deepEqual([isProven, (await linking.phone()).proven], [false, false]);
    assert.equal(await linking.confirmOnPhone("1111-1111"), 409);
    await linking.linking.confirm();
    assert.equal(await linking.confirmOnPhone(code), 200);
    await linking.loggedIn();
  });

  it("asks for a request to sign that the notice lacks", async () => {
    await withFault("passkey_no_options");
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    await linking.linking.answer(assertion);
    await linking.next("code");
    await linking.end();
  });

  it("makes a new secret, which no QR code has shown", async () => {
    const linking = await PasskeyHarness.scanned(simulator);
    await linking.next("challenge");
    assert.equal(Buffer.from(linking.shownSecret, "base64").length, 32);
    assert.notEqual(linking.connection.creds.advSecretKey, linking.shownSecret);
    await linking.end();
  });

  const noRequest = { topic: "md get passkey_request_options" };
  const failures: [name: string, reason: string, arm: () => Promise<void>][] = [
    ["a request to sign for another site", "foreign_site", () => withFault("passkey_foreign_site")],
    [
      "no request to sign, and WhatsApp refuses to tell it",
      "refused",
      async () => {
        await withFault("passkey_no_options");
        await withFault("iq_error", noRequest);
      },
    ],
  ];
  for (const [name, reason, arm] of failures)
    it(`ends with ${reason} by ${name}`, async () => {
      await arm();
      const linking = await PasskeyHarness.scanned(simulator);
      assert.equal(await linking.failure(), reason);
      await linking.end();
    });

  const answered: [name: string, reason: string, fault: string, fields?: object][] = [
    ["a refused question for the reference", "refused", "iq_error", { topic: "md get ref" }],
    ["a reference without content", "malformed", "passkey_no_reference"],
    ["a refused prologue", "refused", "iq_error", { topic: "md set passkey_prologue", code: 403 }],
    ["a prologue without an answer", "unanswered", "iq_error", { topic: "md set passkey_prologue", code: 0 }],
    ["a phone's identity that is too short", "malformed", "passkey_malformed"],
    ["a phone's key of low order", "malformed", "passkey_weak_key"],
    ["a refused nonce", "refused", "iq_error", { topic: "md set companion_nonce" }],
  ];
  for (const [name, reason, fault, fields] of answered)
    it(`ends with ${reason} by ${name}`, async () => {
      const [linking, assertion] = await PasskeyHarness.signed(simulator);
      await withFault(fault, fields);
      await linking.linking.answer(assertion);
      assert.equal(await linking.failure(), reason);
      assert.equal((await linking.phone()).code, null);
      await linking.end();
    });

  const signatures: [name: string, how: object][] = [
    ["another site", { origin: "https://web-whatsapp.example" }],
    ["an authenticator that did not check the person", { verified: false }],
  ];
  for (const [name, how] of signatures)
    it(`ends with refused by a signature of ${name}`, async () => {
      const linking = await PasskeyHarness.scanned(simulator);
      const { options } = await linking.next("challenge");
      await linking.linking.answer(await linking.sign(options, how));
      assert.equal(await linking.failure(), "refused");
      await linking.end();
    });

  it("ends with refused by another challenge's signature, and by another credential", async () => {
    for (const challenge of [randomBytes(32).toString("base64url"), null]) {
      const [linking, assertion] = await PasskeyHarness.signed(simulator);
      const signed = challenge ? await linking.sign(JSON.stringify({ challenge })) : assertion;
      const credentialId = challenge ? signed.credentialId : randomBytes(16);
      await linking.linking.answer({ ...signed, credentialId });
      assert.equal(await linking.failure(), "refused");
      await linking.end();
    }
  });

  it("ends with expired when nobody signs within ten minutes, and takes no signature after that", async () => {
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    linking.clock.advance(TEN_MINUTES);
    assert.equal(await linking.failure(), "expired");
    await linking.linking.answer(assertion);
    assert.equal(await linking.failure(), "unexpected");
    await linking.end();
  });

  it("ends with unanswered when the phone never continues", async () => {
    await withFault("passkey_unanswered");
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    await linking.linking.answer(assertion);
    assert.equal(linking.events.length, 1);
    linking.clock.advance(45_000);
    assert.equal(await linking.failure(), "unanswered");
    await linking.end();
  });

  it("ends with unanswered when nothing follows the sealed request", async () => {
    const [linking] = await PasskeyHarness.withCode(simulator);
    await withFault("iq_error", { topic: "md set encrypted_pairing_request", code: 0 });
    void linking.linking.confirm();
    linking.clock.advance(45_000);
    assert.equal(await linking.failure(), "unanswered");
    await linking.end();
  });

  it("reveals its nonce to one phone: a second identity ends it", async () => {
    await withFault("passkey_twice");
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    await linking.linking.answer(assertion);
    assert.equal(await linking.failure(), "unexpected");
    await linking.linking.confirm();
    assert.equal(await linking.failure(), "unexpected");
    await linking.end();
  });

  it("ends with unexpected by a continuation that nobody asked for", async () => {
    const linking = await PasskeyHarness.scanned(simulator);
    await linking.next("challenge");
    await admin.post("passkey-notice", { kind: "crsc_continuation" });
    assert.equal(await linking.failure(), "unexpected");
    await linking.end();
  });

  it("begins anew with a second demand, and takes no signature of the first", async () => {
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    await admin.post("passkey-notice");
    await linking.next("challenge");
    await linking.linking.answer(assertion);
    assert.equal(await linking.failure(), "refused");
    await linking.end();
  });

  it("ends with the connection", async () => {
    const [linking] = await PasskeyHarness.withCode(simulator);
    linking.connection.finish(null);
    assert.equal(await linking.failure(), "connection_closed");
    await linking.linking.confirm();
    assert.equal(await linking.failure(), "unexpected");
  });

  it("is refused by the phone when the sealed keys are not the program's", async () => {
    const [linking] = await PasskeyHarness.withCode(simulator);
    const { creds } = linking.connection;
    Object.assign(creds, { signedIdentityKey: creds.noiseKey });
    await linking.linking.confirm();
    assert.match((await linking.phone()).refused ?? "", /keys/);
    linking.clock.advance(45_000);
    assert.equal(await linking.failure(), "unanswered");
    await linking.end();
  });

  it("is refused by the phone when the nonce is not the one committed to", async () => {
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    changeNonce(linking);
    await linking.linking.answer(assertion);
    await linking.next("code");
    assert.match((await linking.phone()).refused ?? "", /committed/);
    await linking.end();
  });

  it("takes no notice from anybody but the server, and nothing after it was given up", async () => {
    const [linking, assertion] = await PasskeyHarness.signed(simulator);
    const attrs = { from: `${SHOP.slice(1)}@s.whatsapp.net`, type: "passkey_prologue_request" };
    linking.baileys.socket.ws.emit(`CB:notification,type:${attrs.type}`, { tag: "notification", attrs });
    linking.linking.cancel();
    await linking.linking.answer(assertion);
    assert.equal(await linking.failure(), "unexpected");
    await linking.end();
  });
});

/** Sends another nonce than the one that the prologue commits to. */
function changeNonce({ baileys }: PasskeyHarness): void {
  const { socket } = baileys;
  const query = socket.query.bind(socket);
  socket.query = (iq: BinaryNode, patienceMs?: number) => {
    const [child] = iq.content as BinaryNode[];
    if (child?.tag === "companion_nonce") child.content = randomBytes(32);
    return query(iq, patienceMs);
  };
}
