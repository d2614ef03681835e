// The server's and the phone's half of a link by passkey, up to the ordinary pair-success.
import { createDecipheriv, createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { bytesToCrockford, Curve, getAllBinaryNodeChildren, getBinaryNodeChild, proto } from "baileys";
import { notification } from "../notices/notification.ts";
import type { Assertion } from "../signal/passkey.ts";
import { childBytes, contentBytes, node, type Node } from "../stream/nodes.ts";
import { content, refusal, replyNode, type Reply } from "../stream/reply.ts";
import { Conflict } from "../world/conflict.ts";
import type { Network } from "../world/network.ts";
import { link } from "./pairing.ts";
import type { PairingAttempt, PasskeyCeremony } from "./pairing_attempt.ts";
import { optionsNode } from "./pairing_notices.ts";

const KEY_LENGTH = 32;
const CODE_BYTES = 5;
const TAG_LENGTH = 16;
const NO_ANSWER = 0;
const TOO_MANY = 429;
const REFUSED = refusal(403, "forbidden");
const BAD = refusal(400, "bad-request");

type Step = (network: Network, attempt: PairingAttempt, passkey: PasskeyCeremony, request: Node) => Reply;

const STEPS = new Map<string, Step>([
  ["get ref", giveReference],
  ["get passkey_request_options", (network, _, passkey) => content(optionsNode(network, passkey))],
  ["set passkey_prologue", takePrologue],
  ["set companion_nonce", takeNonce],
  ["set encrypted_pairing_request", takeRequest],
]);

/** Returns true when the stanza was about a link by passkey. */
export function receivePasskeyStanza(network: Network, attempt: PairingAttempt, iq: Node): boolean {
  const [request] = getAllBinaryNodeChildren(iq);
  const topic = `${iq.attrs["type"] ?? ""} ${request?.tag ?? ""}`;
  const step = STEPS.get(topic);
  if (iq.attrs["xmlns"] !== "md" || !request || !step) {
    return false;
  }
  const fault = network.faults.triggerTopic(`md ${topic}`);
  if (fault?.code === NO_ANSWER) {
    return true;
  }
  const reply = fault
    ? refusal(fault.code ?? TOO_MANY, "rate-overlimit")
    : run(network, attempt, step, request);
  attempt.connection.send(replyNode(iq.attrs["id"], reply));
  void reply.afterwards?.();
  return true;
}

function run(network: Network, attempt: PairingAttempt, step: Step, request: Node): Reply {
  if (!attempt.passkey) {
    return refusal(404, "item-not-found");
  }
  try {
    return step(network, attempt, attempt.passkey, request);
  } catch {
    return BAD;
  }
}

/** The person at the phone says that both screens show this code. */
export function confirmCode(network: Network, attempt: PairingAttempt | undefined, code: string): void {
  const passkey = attempt?.passkey;
  if (!attempt || passkey?.code === undefined || passkey.refused !== undefined) {
    throw new Conflict("the phone shows no code");
  }
  if (passkey.code !== code) {
    throw new Conflict("the codes differ");
  }
  passkey.isConfirmed = true;
  linkWhenAgreed(network, attempt, passkey);
}

function giveReference(network: Network, _: PairingAttempt, passkey: PasskeyCeremony): Reply {
  if (network.faults.trigger("passkey_no_reference", [passkey.account.user])) {
    return content();
  }
  passkey.reference = randomBytes(KEY_LENGTH).toString("base64url");
  return content(node("ref", {}, Buffer.from(passkey.reference)));
}

function takePrologue(
  network: Network,
  attempt: PairingAttempt,
  passkey: PasskeyCeremony,
  request: Node,
): Reply {
  const assertion = JSON.parse(childBytes(request, "webauthn_assertion").toString()) as Assertion;
  const credential = childBytes(request, "credential_id");
  if (!passkey.account.passkey.accepts(credential, assertion, passkey.challenge)) {
    return REFUSED;
  }
  const payload = childBytes(request, "prologue_payload");
  const { companionEphemeralIdentity: identity, commitment } = proto.ProloguePayload.decode(payload);
  const { ref } = proto.CompanionEphemeralIdentity.decode(identity ?? new Uint8Array());
  if (!identity || commitment?.hash?.length !== KEY_LENGTH || ref !== passkey.reference) {
    return BAD;
  }
  const proof = getBinaryNodeChild(request, "pairing_handoff_proof");
  if (proof && passkey.priorSecret) {
    passkey.isProven = contentBytes(proof).equals(handoffProof(passkey.priorSecret, payload));
    if (!passkey.isProven) {
      return REFUSED;
    }
  }
  passkey.prologue = { identity, commitment: commitment.hash };
  return {
    ...content(),
    afterwards: () => {
      continueOnPhone(network, attempt, passkey);
    },
  };
}

function handoffProof(secret: Uint8Array, payload: Uint8Array): Buffer {
  const key = hkdfSync("sha256", secret, Buffer.alloc(0), "shortcake-passkey-handoff-v1", KEY_LENGTH);
  return createHmac("sha256", Buffer.from(key)).update(payload).digest();
}

/** The phone shows its ephemeral identity only after the program has committed to its own. */
function continueOnPhone(network: Network, attempt: PairingAttempt, passkey: PasskeyCeremony): void {
  const user = [passkey.account.user];
  if (network.faults.trigger("passkey_unanswered", user)) {
    return;
  }
  const keys = Curve.generateKeyPair();
  const nonce = randomBytes(KEY_LENGTH);
  passkey.phone = { keys, nonce };
  const weak = network.faults.trigger("passkey_weak_key", user);
  const short = network.faults.trigger("passkey_malformed", user);
  const publicKey = weak ? Buffer.alloc(KEY_LENGTH) : keys.public;
  const identity = { publicKey, nonce: short ? nonce.subarray(1) : nonce };
  const times = network.faults.trigger("passkey_twice", user) ? 2 : 1;
  for (let count = 0; count < times; count += 1) {
    const bytes = Buffer.from(proto.PrimaryEphemeralIdentity.encode(identity).finish());
    const told = [node("primary_ephemeral_identity", {}, bytes)];
    attempt.connection.send(notification("crsc_continuation", told));
  }
}

function takeNonce(_: Network, __: PairingAttempt, passkey: PasskeyCeremony, request: Node): Reply {
  const { prologue, phone, reference } = passkey;
  if (!prologue || !phone || passkey.code !== undefined) {
    return BAD;
  }
  const nonce = contentBytes(request);
  const hash = createHash("sha256").update(prologue.identity).update(nonce).digest();
  if (!hash.equals(prologue.commitment)) {
    passkey.refused = "the nonce is not the one that was committed to";
    return content();
  }
  const { publicKey, deviceType } = proto.CompanionEphemeralIdentity.decode(prologue.identity);
  const digest = createHash("sha256").update(nonce).update(phone.keys.public).digest();
  const bytes = digest.subarray(0, CODE_BYTES).map((byte, at) => byte ^ (phone.nonce[at] ?? 0));
  const code = bytesToCrockford(Buffer.from(bytes));
  passkey.code = `${code.slice(0, 4)}-${code.slice(4)}`;
  const shared = Curve.sharedKey(phone.keys.private, publicKey ?? new Uint8Array());
  const salt = `Companion Pairing ${deviceType ?? 0} with ref ${reference ?? ""}`;
  const info = "Pairing Information Encryption Key";
  passkey.encryptionKey = Buffer.from(hkdfSync("sha256", shared, salt, info, KEY_LENGTH));
  return content();
}

function takeRequest(
  network: Network,
  attempt: PairingAttempt,
  passkey: PasskeyCeremony,
  request: Node,
): Reply {
  if (!passkey.encryptionKey) {
    return BAD;
  }
  const opened = openRequest(passkey.encryptionKey, contentBytes(request));
  const { noiseKey, identity } = attempt.registration;
  const isOurs =
    opened?.advSecret?.length === KEY_LENGTH &&
    Buffer.from(noiseKey).equals(opened.companionPublicKey ?? new Uint8Array()) &&
    Buffer.from(identity).equals(opened.companionIdentityKey ?? new Uint8Array());
  if (!isOurs || !opened.advSecret) {
    passkey.refused = "the keys in the request are not the program's";
    return content();
  }
  passkey.advSecret = opened.advSecret;
  return {
    ...content(),
    afterwards: () => {
      linkWhenAgreed(network, attempt, passkey);
    },
  };
}

function openRequest(key: Uint8Array, sealed: Uint8Array): proto.PairingRequest | undefined {
  try {
    const { encryptedPayload, iv } = proto.EncryptedPairingRequest.decode(sealed);
    const bytes = Buffer.from(encryptedPayload ?? []);
    const decipher = createDecipheriv("aes-256-gcm", key, iv ?? new Uint8Array());
    decipher.setAuthTag(bytes.subarray(-TAG_LENGTH));
    const opened = Buffer.concat([decipher.update(bytes.subarray(0, -TAG_LENGTH)), decipher.final()]);
    return proto.PairingRequest.decode(opened);
  } catch {
    return undefined;
  }
}

/** The code may go uncompared where the program proved that it showed the scanned QR code. */
function linkWhenAgreed(network: Network, attempt: PairingAttempt, passkey: PasskeyCeremony): void {
  if (passkey.advSecret && (passkey.isConfirmed || passkey.isProven) && !attempt.enrolment) {
    void link(network, attempt, passkey.account, passkey.advSecret);
  }
}
