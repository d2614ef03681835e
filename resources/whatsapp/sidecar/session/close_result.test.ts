// Tests of the causes of a close, as Baileys and Node report them.
import assert from "node:assert/strict";
import { it } from "node:test";
import { closeResult, isOffline } from "./close_result.ts";

const online = (): boolean => false;

function closed(statusCode: number, data?: unknown): Error {
  return Object.assign(new Error(), { output: { statusCode }, data });
}

function socketError(code?: string, message = ""): Error {
  return Object.assign(new Error(message), code === undefined ? {} : { code });
}

for (const [code, cause] of [
  ["ENETUNREACH", "no_internet"],
  ["EHOSTUNREACH", "no_internet"],
  ["ETIMEDOUT", "no_internet"],
  ["ENOTFOUND", "name_resolution"],
  ["EAI_AGAIN", "name_resolution"],
  ["ECONNREFUSED", "refused"],
  ["ECONNRESET", "refused"],
  ["EPROTO", "refused"],
  ["SELF_SIGNED_CERT_IN_CHAIN", "certificate"],
  ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "certificate"],
  ["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "certificate"],
  ["ERR_TLS_CERT_ALTNAME_INVALID", "certificate"],
  ["CERT_NOT_YET_VALID", "clock"],
  ["CERT_HAS_EXPIRED", "clock"],
  ["EPIPE", null],
] as const) {
  it(`${code} on the socket is ${cause ?? "no cause"}`, () => {
    assert.deepEqual(closeResult(closed(408, socketError(code)), online), {
      code: 408,
      cause,
      expires_in_s: null,
    });
  });
}

it("a web socket that nobody answers is a missing internet", () => {
  const error = socketError(undefined, "Opening handshake has timed out");
  assert.equal(closeResult(closed(408, error), online).cause, "no_internet");
  assert.equal(closeResult(closed(500, socketError(undefined, "else")), online).cause, null);
});

it("a name that does not resolve is a missing internet while the PC has no address", () => {
  assert.equal(closeResult(closed(408, socketError("ENOTFOUND")), () => true).cause, "no_internet");
  assert.equal(closeResult(closed(408, socketError("ECONNREFUSED")), () => true).cause, "refused");
  const address = { address: "192.168.0.7", internal: false };
  const interfaces = (...given: object[]): Parameters<typeof isOffline>[0] => ({ eth0: given }) as never;
  assert.deepEqual(
    [
      [address],
      [{ ...address, internal: true }],
      [{ ...address, address: "169.254.3.4" }],
      [{ ...address, scopeid: 2 }],
      [],
    ].map((given) => isOffline(interfaces(...given))),
    [false, true, true, true, true],
  );
});

it("a service that is down says so, and a stream that Baileys cannot read does not", () => {
  assert.equal(closeResult(closed(503)).cause, "service_down");
  assert.equal(closeResult(closed(500, { reason: "500" })).cause, "service_down");
  assert.equal(closeResult(closed(500, { tag: "ack" })).cause, null);
  assert.equal(closeResult(closed(403, { reason: "403" })).cause, null);
});

it("the end of a temporary ban is read from WhatsApp's seconds alone", () => {
  const ends = (expire: unknown): number | null =>
    closeResult(closed(402, { reason: "402", expire })).expires_in_s;
  assert.deepEqual(["86400", "0", "", "-5", "soon", 9, undefined].map(ends), [
    86400,
    ...Array<null>(6).fill(null),
  ]);
  assert.equal(closeResult(closed(403, { expire: "60" })).expires_in_s, null);
});

it("an end without an error has no code", () => {
  assert.deepEqual(closeResult(undefined), { code: null, cause: null, expires_in_s: null });
});
