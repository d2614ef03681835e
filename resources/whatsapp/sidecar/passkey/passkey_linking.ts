// Links this device where the account asks for a passkey, except for the signature, which a person gives in a browser.
import { randomBytes } from "node:crypto";
import { getBinaryNodeChildBuffer, S_WHATSAPP_NET, type BinaryNode } from "baileys";
import { isConnectionClosed, serverErrorCode } from "../messages/query_error.ts";
import type { Connection } from "../session/connection.ts";
import type { Clock } from "../steady_clock.ts";
import { continueWith, type Continuation } from "./continuation.ts";
import { handoffProver } from "./handoff_proof.ts";
import { sealPairingRequest } from "./pairing_request.ts";
import { makePrologue, type Prologue } from "./prologue.ts";
import { readRequest, type OptionsFault, type PasskeyRequest } from "./request_options.ts";

const SECRET_LENGTH = 32;
/** WhatsApp and the phone answer within seconds; a person has the whole time of the request. */
const ANSWER_MS = 45_000;

export type PasskeyFailure =
  OptionsFault | "expired" | "unexpected" | "refused" | "unanswered" | "malformed" | "connection_closed";

export type PasskeyEvent =
  | { readonly step: "challenge"; readonly options: string }
  /** `isProven`: the phone may do without the comparison. */
  | { readonly step: "code"; readonly code: string; readonly isProven: boolean }
  | { readonly step: "failed"; readonly reason: PasskeyFailure };

export interface PasskeyAssertion {
  readonly credentialId: Uint8Array;
  /** The answer of `navigator.credentials.get` as JSON, with its bytes in base64url. */
  readonly json: string;
}

interface Attempt {
  prove: (payload: Uint8Array) => Buffer | undefined;
  prologue?: Prologue;
  isProven: boolean;
  /** True from the moment at which the nonce is revealed: a second phone key could be chosen to fit the code. */
  isRevealed: boolean;
  continuation?: Continuation;
}

class Abandoned extends Error {}

export class PasskeyLinking {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #tell: (event: PasskeyEvent) => void;
  #attempt: Attempt | null = null;
  #cancelTimer: () => void = () => undefined;

  constructor(connection: Connection, clock: Clock, tell: (event: PasskeyEvent) => void) {
    this.#connection = connection;
    this.#clock = clock;
    this.#tell = tell;
  }

  watch(): void {
    this.#onNotice("passkey_prologue_request", (node) => this.#challenge(node));
    this.#onNotice("crsc_continuation", (node) => this.#continue(node));
    this.#connection.on("connection.update", ({ isNewLogin }) => {
      if (isNewLogin === true) this.#end();
    });
    this.#connection.onFinished(() => {
      if (this.#attempt) this.#fail("connection_closed");
    });
  }

  /** Takes the signature of the last challenge. */
  answer(assertion: PasskeyAssertion): Promise<void> {
    return this.#step(async () => {
      const attempt = this.#attempt;
      if (!attempt || attempt.prologue) return "unexpected";
      const answer = await this.#ask(attempt, "get", { tag: "ref", attrs: {} });
      const reference = getBinaryNodeChildBuffer(answer, "ref");
      if (!reference || reference.length === 0) return "malformed";
      const prologue = makePrologue(Buffer.from(reference).toString());
      const proof = attempt.prove(prologue.payload);
      // Before the query: the phone's answer may overtake WhatsApp's.
      Object.assign(attempt, { prologue, isProven: proof !== undefined });
      this.#expectWithin(ANSWER_MS, "unanswered");
      await this.#ask(attempt, "set", prologueNode(assertion, prologue, proof));
      return undefined;
    });
  }

  /** Goes on after the person has seen the same code on the phone. */
  confirm(): Promise<void> {
    return this.#step(async () => {
      const attempt = this.#attempt;
      if (!attempt?.continuation) return "unexpected";
      const sealed = sealPairingRequest(this.#connection.creds, attempt.continuation.encryptionKey);
      this.#expectWithin(ANSWER_MS, "unanswered");
      await this.#ask(attempt, "set", bytesNode("encrypted_pairing_request", sealed));
      return undefined;
    });
  }

  /** Gives up: the codes differ, or the person wants another way. */
  cancel(): void {
    this.#end();
  }

  async #challenge(node: BinaryNode): Promise<PasskeyFailure | undefined> {
    const attempt = this.#begin();
    const request = await this.#request(attempt, node);
    if (typeof request === "string") return request;
    const { creds } = this.#connection;
    attempt.prove = handoffProver(Buffer.from(creds.advSecretKey, "base64"), this.#clock);
    // The phone is given this secret sealed; the one in the QR code was seen by every camera.
    creds.advSecretKey = randomBytes(SECRET_LENGTH).toString("base64");
    this.#connection.saveCredentials();
    this.#expectWithin(request.timeoutMs, "expired");
    this.#tell({ step: "challenge", options: request.options });
    return undefined;
  }

  async #request(attempt: Attempt, node: BinaryNode): Promise<PasskeyRequest | OptionsFault> {
    const told = readRequest(node);
    if (told !== "options_missing") return told;
    return readRequest(await this.#ask(attempt, "get", { tag: "passkey_request_options", attrs: {} }));
  }

  async #continue(node: BinaryNode): Promise<PasskeyFailure | undefined> {
    const attempt = this.#attempt;
    if (!attempt?.prologue || attempt.isRevealed) return "unexpected";
    const continuation = continueWith(attempt.prologue, node);
    if (!continuation) return "malformed";
    attempt.isRevealed = true;
    await this.#ask(attempt, "set", bytesNode("companion_nonce", attempt.prologue.nonce));
    attempt.continuation = continuation;
    this.#cancelTimer();
    this.#tell({ step: "code", code: continuation.code, isProven: attempt.isProven });
    return undefined;
  }

  #onNotice(type: string, take: (node: BinaryNode) => Promise<PasskeyFailure | undefined>): void {
    this.#connection.onStanza(`notification,type:${type}`, (node) => {
      if (node.attrs["from"] === S_WHATSAPP_NET) void this.#step(() => take(node));
    });
  }

  /** Runs one step; a failure ends the attempt and is told, unless another attempt has taken its place. */
  async #step(run: () => Promise<PasskeyFailure | undefined>): Promise<void> {
    try {
      const failure = await run();
      if (failure !== undefined) this.#fail(failure);
    } catch (error) {
      if (!(error instanceof Abandoned)) this.#fail(failureOf(error));
    }
  }

  async #ask(attempt: Attempt, type: "get" | "set", content: BinaryNode): Promise<BinaryNode> {
    const attrs = { to: S_WHATSAPP_NET, type, xmlns: "md" };
    try {
      const query = this.#connection.sock.query({ tag: "iq", attrs, content: [content] });
      // Baileys resolves an unanswered query to undefined.
      const answer = (await this.#connection.answer(query)) as BinaryNode | undefined;
      if (!answer) throw new Error("no answer");
      return answer;
    } finally {
      // Whatever came of it concerns no later attempt.
      if (this.#attempt !== attempt) throw new Abandoned();
    }
  }

  #begin(): Attempt {
    this.#end();
    this.#attempt = { prove: () => undefined, isProven: false, isRevealed: false };
    return this.#attempt;
  }

  #expectWithin(milliseconds: number, otherwise: PasskeyFailure): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#clock.after(milliseconds, () => {
      this.#fail(otherwise);
    });
  }

  #fail(reason: PasskeyFailure): void {
    this.#end();
    this.#tell({ step: "failed", reason });
  }

  #end(): void {
    this.#cancelTimer();
    this.#attempt = null;
  }
}

function failureOf(error: unknown): PasskeyFailure {
  if (serverErrorCode(error) !== null) return "refused";
  return isConnectionClosed(error) ? "connection_closed" : "unanswered";
}

function prologueNode(
  { credentialId, json }: PasskeyAssertion,
  { payload }: Prologue,
  proof: Uint8Array | undefined,
): BinaryNode {
  const content = [
    bytesNode("credential_id", credentialId),
    bytesNode("webauthn_assertion", Buffer.from(json)),
    bytesNode("prologue_payload", payload),
  ];
  if (proof) content.push(bytesNode("pairing_handoff_proof", proof));
  return { tag: "passkey_prologue", attrs: {}, content };
}

function bytesNode(tag: string, content: Uint8Array): BinaryNode {
  return { tag, attrs: {}, content };
}
