// Checks the server's certificate chain inside Baileys' Noise handshake, before the account or a key leaves this PC.
import { Curve, proto, WA_CERT_DETAILS, type WASocket } from "baileys";
import type { CloseCause } from "../protocol/events.ts";
import { log } from "../log.ts";
import { ChainRefused, verifyChain } from "./certificate_chain.ts";

/** Header in which a simulated WhatsApp offers its root's public key, in base64. */
const ROOT_HEADER = "x-simulated-root";
const ROOT_BYTES = 32;

type Headers = NodeJS.Dict<string | string[]>;

/** The one handshake that may come next. */
interface Expectation {
  /** Returns null for a server of a training that offers no root: its chain is not checked. */
  trustedRoot: () => Uint8Array | null;
  refuse: (cause: CloseCause) => void;
}

let expectation: Expectation | null = null;
let serverKey: Uint8Array = new Uint8Array();

/**
 * Baileys has no option for a check of its own, and its handshake is synchronous: it agrees on a secret with the
 * server's static key (`Curve.sharedKey`), decodes the chain (`CertChain.decode`) and encrypts its own key after both.
 */
const agree = Curve.sharedKey;
Curve.sharedKey = (ownKey, otherKey) => {
  serverKey = otherKey;
  return agree(ownKey, otherKey);
};
const decode = proto.CertChain.decode.bind(proto.CertChain);
proto.CertChain.decode = (...bytes) => {
  const chain = decode(...bytes);
  checkChain(chain);
  return chain;
};

/**
 * Expects the handshake of this new socket. `refuse` is called with the cause before Baileys learns of it: Baileys
 * closes politely, and a server that ignores that delays the news of the close by seconds.
 */
export function expectHandshake(
  sock: Pick<WASocket, "ws">,
  simulated: boolean,
  refuse: Expectation["refuse"],
): void {
  let root: Uint8Array | null = simulated ? null : WA_CERT_DETAILS.PUBLIC_KEY;
  if (simulated) {
    sock.ws.on("upgrade", (response: { headers: Headers }) => {
      root = offeredRoot(response.headers);
    });
  }
  expectation = { trustedRoot: () => root, refuse };
}

/** Throws for every chain but a good one that is expected; a handshake without an expectation is refused too. */
function checkChain(chain: proto.CertChain): void {
  const expected = expectation;
  expectation = null;
  if (!expected) throw new ChainRefused("no handshake expected");
  const root = expected.trustedRoot();
  if (root === null) return;
  try {
    verifyChain(chain, { root, serverKey, nowSeconds: Date.now() / 1000 });
  } catch (error) {
    log.warn(
      { error },
      error instanceof ChainRefused ? error.message : "certificate chain refused: not readable",
    );
    expected.refuse(error instanceof ChainRefused ? error.reason : "certificate");
    throw error;
  }
}

/** Returns null where no key is offered: an independent server on this machine knows no such header. */
export function offeredRoot(headers: Headers): Uint8Array | null {
  const value = headers[ROOT_HEADER];
  const key = typeof value === "string" ? Buffer.from(value, "base64") : null;
  return key?.length === ROOT_BYTES ? key : null;
}
