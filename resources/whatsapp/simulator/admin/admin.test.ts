// Tests that the admin interface refuses bad requests and leaves the world unchanged.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { after, test } from "node:test";
import { generateSignalPubKey, proto } from "baileys";
import { verifySignature } from "libsignal/src/curve.js";
import { startSimulator } from "../server.ts";
import { AdminClient } from "../testing/admin_client.ts";

const simulator = await startSimulator({ port: 0, seed: "a" });
after(() => simulator.close());
const admin = new AdminClient(simulator.admin);

function isSigned(
  key: Uint8Array | null | undefined,
  part?: proto.CertChain.INoiseCertificate | null,
): boolean {
  assert.ok(key && part?.details && part.signature);
  const signer = Buffer.from(generateSignalPubKey(key));
  return verifySignature(signer, Buffer.from(part.details), Buffer.from(part.signature));
}

const SHOP = "+5573999990000";
const ANA = "+5573988880001";

test("an account keeps its identity when it is asked for again", async () => {
  const first = await admin.post("account", { number: SHOP, name: "Coco Loko" });
  const second = await admin.post("account", { number: SHOP });
  assert.deepEqual(first.answer, second.answer);
  assert.equal(first.answer["jid"], "5573999990000@s.whatsapp.net");
});

test("a request that does not fit is answered with 400 and a reason", async () => {
  const unfit: [string, object][] = [
    ["account", {}],
    ["account", { number: "73 99999" }],
    ["contacts", { contacts: ANA }],
    ["contacts", { contacts: [{ number: ANA, mode: "kind" }] }],
    ["contacts", { contacts: [{ number: SHOP }] }],
    ["scan", { number: "+5573999990009", qr: "x" }],
    ["inbound", { number: "+5573988889999", text: "Oi" }],
    ["options", { ack_delay_ms: "soon" }],
    ["fault", { kind: "earthquake" }],
    ["fault", { kind: "nack", time: 2 }],
    ["inbound", { number: ANA, text: "Oi", kind: "smoke signal" }],
    ["pair-code", {}],
    ["account/time-lock", { active: "yes" }],
  ];
  for (const [path, body] of unfit) {
    const { status, answer } = await admin.post(path, body);
    assert.equal(status, 400, path);
    assert.equal(typeof answer["error"], "string");
  }
});

test("a refusal names the field and the accepted values", async () => {
  for (const [path, body, reason] of [
    ["account", {}, "number is missing"],
    [
      "account",
      { number: ANA, nome: "x" },
      "nome is not a field of {number, name?, business?, online?, read_receipts?}",
    ],
    ["account", { number: "73 99999" }, "number must be an E.164 number"],
    ["options", { refs: 0 }, "refs must be a whole number, at least 1"],
    ["options", { receipts_as: "fax" }, 'receipts_as must be one of "pn", "lid"'],
    ["contacts", { contacts: [7] }, "an object is expected"],
  ] as const) {
    assert.equal((await admin.post(path, body)).answer["error"], reason);
  }
});

test("the root has signed the chain down to the key of the handshake", async () => {
  const { root, chain } = await admin.get<{ root: string; chain: string }>("certificate");
  const { intermediate, leaf } = proto.CertChain.decode(Buffer.from(chain, "base64"));
  const { key } = proto.CertChain.NoiseCertificate.Details.decode(intermediate?.details ?? new Uint8Array());
  assert.ok(isSigned(Buffer.from(root, "base64"), intermediate));
  assert.ok(isSigned(key, leaf));
});

test("an entry that does not fit keeps the whole list out", async () => {
  await admin.post("contacts", { contacts: [{ number: ANA }, { number: "?" }] });
  assert.equal((await admin.post("inbound", { number: ANA, text: "Oi" })).status, 400);
});

test("a body that is not JSON is answered with 400", async () => {
  const response = await fetch(`${simulator.admin}/account`, { method: "POST", body: "{" });
  assert.equal(response.status, 400);
});

test("options are answered as they are now in force", async () => {
  const { answer } = await admin.post("options", { ack_delay_ms: 5, receipts_as: "lid" });
  assert.deepEqual([answer["ack_delay_ms"], answer["receipts_as"], answer["refs"]], [5, "lid", 6]);
});

test("unknown paths and foreign host names are answered with 404", async () => {
  assert.equal((await admin.post("nothing")).status, 404);
  const foreign = request(`${simulator.admin}/stats`, { headers: { host: "example.org" } });
  foreign.end();
  const [response] = (await once(foreign, "response")) as [IncomingMessage];
  assert.equal(response.resume().statusCode, 404);
});

test("the counters begin at zero", async () => {
  const { connections, messages, wire_repeats } = await admin.get<Record<string, number>>("stats");
  assert.deepEqual([connections, messages, wire_repeats], [0, 0, 0]);
});
