// One socket from its creation to its end: its state and the events emitted for it.
import type { AuthenticationCreds, BaileysEventMap, BinaryNode, WASocket } from "baileys";
import type { CloseCause, Events, EventName } from "../protocol/events.ts";
import type { Wire } from "../protocol/wire.ts";
import { accountOf } from "./credentials.ts";
import type { CredentialSaver } from "./credential_saver.ts";
import { Failure } from "../rpc/failure.ts";
import { log } from "../log.ts";
import { closeSocket } from "./close_socket.ts";

type State = Events["connection"]["state"];

/** Result of a connection as the wire tells it; a code of null means that the sidecar ended it. */
export interface CloseResult {
  code: number | null;
  cause: CloseCause | null;
  expires_in_s: number | null;
}
export type CloseDetails = Partial<Omit<CloseResult, "code">>;

const NO_RESULT: CloseResult = { code: null, cause: null, expires_in_s: null };

export class Connection {
  readonly generation: number;
  readonly sock: WASocket;
  readonly creds: AuthenticationCreds;
  readonly queryTimeoutMs: number;
  isOpen = false;
  isPairing = false;
  /** Accounts for which WhatsApp agreed to a pairing code, by its reference. */
  readonly pairingCodeAccounts = new Map<string, string>();
  /**
   * Resolves when the texts that customers wrote while the sidecar was offline are recorded; awaited before `drained`.
   */
  offlineMessagesRecorded: () => Promise<void> = () => Promise.resolve();
  /** Resolves when the account's privacy settings are those of WhatsApp's last notice; awaited before they are used. */
  privacySettled: () => Promise<unknown> = () => Promise.resolve();
  #finished = false;
  #lastState: Promise<void> = Promise.resolve();
  readonly #finishListeners: (() => void)[] = [];
  readonly #unanswered = new Set<() => void>();
  readonly #wire: Wire;
  readonly #credentialSaver: CredentialSaver;

  constructor(
    generation: number,
    queryTimeoutMs: number,
    sock: WASocket,
    creds: AuthenticationCreds,
    wire: Wire,
    credentialSaver: CredentialSaver,
  ) {
    this.generation = generation;
    this.queryTimeoutMs = queryTimeoutMs;
    this.sock = sock;
    this.creds = creds;
    this.#wire = wire;
    this.#credentialSaver = credentialSaver;
  }

  /** Listens to Baileys' events until this connection is finished. */
  on<E extends keyof BaileysEventMap>(event: E, listener: (event: BaileysEventMap[E]) => void): void {
    this.sock.ev.on(event, (payload) => {
      if (!this.#finished) listener(payload);
    });
  }

  /** Listens to raw stanzas until this connection is finished. */
  onStanza(pattern: string, listener: (node: BinaryNode) => void): void {
    this.sock.ws.on(`CB:${pattern}`, (node: BinaryNode) => {
      if (!this.#finished) listener(node);
    });
  }

  /**
   * Replaces Baileys' own listeners, which get a stanza when `listener` passes it on: never after the end of this
   * connection. A failing listener is logged: Baileys catches no rejection of its own.
   */
  interceptStanza(pattern: string, listener: (node: BinaryNode, pass: () => void) => void): void {
    const event = `CB:${pattern}`;
    const baileysListeners = this.sock.ws.listeners(event) as ((node: BinaryNode) => unknown)[];
    this.sock.ws.removeAllListeners(event);
    this.onStanza(pattern, (node) => {
      listener(node, () => {
        if (!this.#finished) for (const call of baileysListeners) void handOver(call, node);
      });
    });
  }

  /** Registers a listener that is called once, before `closed` is emitted. */
  onFinished(call: () => void): void {
    this.#finishListeners.push(call);
  }

  /**
   * Waits for WhatsApp's answer; rejects with `not_connected` once this connection is finished. Baileys leaves the
   * queries of a socket that we end unanswered until their timeout.
   */
  answer<T>(query: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const abandon = (): void => {
        reject(new Failure("not_connected"));
      };
      this.#unanswered.add(abandon);
      void query.then(resolve, reject).finally(() => this.#unanswered.delete(abandon));
      if (this.#finished) abandon();
    });
  }

  emit<S extends EventName>(event: S, params: Events[S]): void {
    if (!this.#finished) this.#wire.emit(event, { ...params, generation: this.generation });
  }

  /** Emits a state after the credentials that belong to it are saved; states are emitted in order. */
  emitState(state: State, result: CloseResult = NO_RESULT): void {
    const account = accountOf(this.creds);
    this.#lastState = this.#lastState
      .then(() => this.#credentialSaver.settled())
      .then(() => {
        this.#wire.emit("connection", { generation: this.generation, state, ...result, account });
      });
  }

  async emitDrained(): Promise<void> {
    await this.offlineMessagesRecorded();
    if (!this.#finished) this.emitState("drained");
  }

  saveCredentials(): void {
    this.#credentialSaver.save(this.creds);
  }

  /**
   * Ends the connection, for any reason. Not awaited: on a dead network Baileys waits half a minute for the closing
   * handshake. A code of null means that the sidecar ended it.
   */
  finish(code: number | null, details: CloseDetails = {}): void {
    if (this.#finished) return;
    this.#finished = true;
    this.isOpen = false;
    this.isPairing = false;
    for (const call of this.#finishListeners) call();
    for (const abandon of this.#unanswered) abandon();
    closeSocket(this.sock);
    this.emitState("closed", { ...NO_RESULT, ...details, code });
  }

  /** Resolves when every state so far is emitted. */
  statesEmitted(): Promise<void> {
    return this.#lastState;
  }
}

async function handOver(listener: (node: BinaryNode) => unknown, node: BinaryNode): Promise<void> {
  try {
    await listener(node);
  } catch (error) {
    log.error({ error }, `${node.tag} not dealt with`);
  }
}
