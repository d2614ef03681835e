// Links a program by the eight characters that it shows and the account's phone types.
import { randomBytes } from "node:crypto";
import { Curve, getBinaryNodeChild } from "baileys";
import { notification } from "../notices/notification.ts";
import { parseJid } from "../stream/jids.ts";
import { attribute, childBytes, node, type Node } from "../stream/nodes.ts";
import { content, refusal, replyNode, type Reply } from "../stream/reply.ts";
import type { Account } from "../world/account.ts";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { linkSecret, openKeyBundle, unwrapKey, wrapKey, type KeyBundle } from "./code_secrets.ts";
import { link } from "./pairing.ts";
import { pairingAttempts, type CodeRequest, type PairingAttempt } from "./pairing_attempt.ts";
import { demandPasskey } from "./pairing_notices.ts";

const TAG = "link_code_companion_reg";
const REFERENCE_BYTES = 16;
const TOO_MANY = 429;

/** Returns true when the stanza was about a pairing code. */
export function receiveCodeStanza(network: Network, attempt: PairingAttempt, iq: Node): boolean {
  const request = getBinaryNodeChild(iq, TAG);
  if (!request) {
    return false;
  }
  const hello = request.attrs["stage"] === "companion_hello";
  const reply = hello ? answerHello(network, attempt, request) : content();
  if (reply) {
    attempt.connection.send(replyNode(iq.attrs["id"], reply));
  }
  if (!hello) {
    attempt.finishCode(request);
  }
  return true;
}

function answerHello(network: Network, attempt: PairingAttempt, hello: Node): Reply | undefined {
  const user = parseJid(attribute(hello, "jid"))?.user ?? "";
  const fault = network.faults.trigger("pair_code_error", [user]);
  if (fault) {
    return fault.code === 0 ? undefined : refusal(fault.code ?? TOO_MANY, "rate-overlimit");
  }
  const reference = randomBytes(REFERENCE_BYTES);
  const wrappedKey = childBytes(hello, "link_code_pairing_wrapped_companion_ephemeral_pub");
  attempt.codeRequests.set(user, { user, reference, wrappedKey });
  return content(node(TAG, { stage: "companion_hello" }, [node("link_code_pairing_ref", {}, reference)]));
}

/** Resolves to the id of the new device. */
export async function typeCode(network: Network, account: Account, code: string): Promise<number> {
  const attempt = pairingAttempts(network).findLast(({ codeRequests }) => codeRequests.has(account.user));
  const request = attempt?.codeRequests.get(account.user);
  if (!attempt || !request) {
    throw new Conflict("no program has asked for a code for this number");
  }
  if (network.options.passkey) {
    demandPasskey(network, attempt, account);
    throw new Conflict("the account asks for a passkey");
  }
  const secret = await exchangeSecret(network, attempt, request, account, code);
  if (network.faults.trigger("pair_code_unconfirmed", [account.user])) {
    throw new Conflict("the link is not confirmed");
  }
  const device = await link(network, attempt, account, secret);
  if (device === undefined) {
    throw new Conflict("couldn't link device");
  }
  return device;
}

/** Runs the phone's half of the exchange, up to the secret that both sides hold. */
async function exchangeSecret(
  network: Network,
  attempt: PairingAttempt,
  request: CodeRequest,
  account: Account,
  code: string,
): Promise<Buffer> {
  const ephemeral = Curve.generateKeyPair();
  const shared = Curve.sharedKey(ephemeral.private, await unwrapKey(request.wrappedKey, code));
  const { identity } = account.phone.keys;
  const hello = [
    node("link_code_pairing_wrapped_primary_ephemeral_pub", {}, await wrapKey(ephemeral.public, code)),
    node("primary_identity_pub", {}, Buffer.from(identity.public)),
  ];
  const malformed = network.faults.trigger("pair_code_malformed", [account.user]);
  const reference = malformed ? [] : [node("link_code_pairing_ref", {}, request.reference)];
  const finished = attempt.codeFinished();
  const stanza = node(TAG, { stage: "primary_hello" }, [...hello, ...reference]);
  attempt.connection.send(notification(TAG, [stanza]));
  if (malformed) {
    throw new Conflict("the phone's answer was malformed");
  }
  const finish = await finished;
  if (finish && parseJid(attribute(finish, "jid"))?.user !== account.user) {
    throw new Conflict("the program confirmed another number");
  }
  const bundle = finish && openBundle(finish, shared);
  const { companionIdentity, primaryIdentity } = bundle ?? {};
  if (!bundle || !companionIdentity?.equals(attempt.registration.identity)) {
    throw new Conflict("wrong code");
  }
  if (!primaryIdentity?.equals(identity.public)) {
    throw new Conflict("the program confirmed another phone");
  }
  return linkSecret(shared, identity, bundle);
}

/** Returns undefined when the two codes differ: the bundle does not open. */
function openBundle(finish: Node, shared: Uint8Array): KeyBundle | undefined {
  const sealed = childBytes(finish, "link_code_pairing_wrapped_key_bundle");
  try {
    return openKeyBundle(sealed, shared);
  } catch {
    return undefined;
  }
}
