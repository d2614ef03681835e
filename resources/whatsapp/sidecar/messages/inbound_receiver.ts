// Hands customers' messages to Python, and lets WhatsApp forget one only when it is on disk.
import { AsyncLocalStorage } from "node:async_hooks";
import {
  decodeMessageNode,
  getAllBinaryNodeChildren,
  proto,
  unpadRandomMax16,
  type BinaryNode,
  type SignalKeyStore,
  type SignalKeyStoreWithTransaction,
  type SocketConfig,
  type WAMessage,
  type WASocket,
} from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Connection } from "../session/connection.ts";
import type { Clock } from "../steady_clock.ts";
import { chatTimerIn } from "./chat_timer.ts";
import { readContent } from "./content.ts";
import { sanitizeId, sanitizeName, sanitizeText } from "./sanitize.ts";
import { withTimeout, recordUntilKept } from "./record_inbound.ts";
import { preferPhoneTime, millisFromSeconds } from "./timestamps.ts";
import { isDirectChat, senderOf, type Sender } from "./sender.ts";
import { OfflineMessageTracker } from "./offline_messages.ts";
import { acknowledgePost, isPost } from "./posts.ts";

/** Returns the history notice in a message that is not a customer's, if there is one. */
type FindNotice = (sock: WASocket, stanza: BinaryNode, message: WAMessage) => string | null;
type MakeRepository = SocketConfig["makeSignalRepository"];

/** After this time a text that Python cannot store no longer holds up the others. */
const RECORD_TIMEOUT_MS = 10_000;
/** Error of libsignal for a message that was decrypted before. */
const KEY_USED = "Key used already or never filled";

interface InboundContext {
  recorded: Promise<void>;
}

/**
 * Baileys saves the ratchet of a message, then acknowledges it, then emits it. A process killed in between has lost the
 * message: WhatsApp does not send it again, and it can be decrypted only once. So the message is read right after
 * decryption, and its ratchet is saved after Python has stored it: until then the same stanza comes again after the
 * next login and can be decrypted again.
 */
export class InboundReceiver {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #context = new AsyncLocalStorage<InboundContext>();
  readonly #stanzaByCiphertext = new WeakMap<Uint8Array, BinaryNode>();
  /** Ids recorded at decryption; Baileys has yet to emit them. */
  readonly #recordedIds = new Set<string>();
  readonly #findNotice: FindNotice;
  #offlineMessages: OfflineMessageTracker | null = null;
  #connection: Connection | null = null;
  #ended = false;

  constructor(wire: Wire, clock: Clock, findNotice: FindNotice) {
    this.#wire = wire;
    this.#clock = clock;
    this.#findNotice = findNotice;
  }

  /** Wraps the repository in which every message is decrypted, from the very bytes of its stanza. */
  wrapRepository(make: MakeRepository): MakeRepository {
    return (auth, ...rest) => {
      const repository = make(auth, ...rest);
      const decrypt = repository.decryptMessage.bind(repository);
      // Baileys' own repository makes the same cast.
      const keys = auth.keys as SignalKeyStoreWithTransaction;
      return {
        ...repository,
        decryptMessage: (options) => {
          const context: InboundContext = { recorded: Promise.resolve() };
          const decryptAndRecord = async (): Promise<Uint8Array> => {
            const stanza = this.#stanzaByCiphertext.get(options.ciphertext);
            const plain = await decrypt(options).catch((error: unknown) => {
              this.#settleReadBefore(stanza, error);
              throw error;
            });
            const record = await this.#prepareRecord(stanza, plain);
            context.recorded = record();
            return plain;
          };
          return this.#context.run(context, () => keys.transaction(decryptAndRecord, options.jid));
        },
      };
    };
  }

  /** Wraps the key store under Baileys' cache. */
  wrapKeys(keys: SignalKeyStore): SignalKeyStore {
    return {
      get: (type, ids) => keys.get(type, ids),
      set: async (changes) => {
        const context = this.#context.getStore();
        await context?.recorded;
        // By now the next connection may have advanced these ratchets; the message is delivered to it again.
        if (context && this.#ended) throw new Error("the connection has ended");
        await keys.set(changes);
      },
    };
  }

  watch(connection: Connection): void {
    this.#connection = connection;
    connection.onFinished(() => (this.#ended = true));
    const offlineMessages = (this.#offlineMessages = new OfflineMessageTracker(connection));
    connection.offlineMessagesRecorded = () => offlineMessages.whenEmpty();
    for (const tag of ["receipt", "notification", "call"])
      connection.onStanza(tag, (node) => {
        offlineMessages.add(node);
      });
    connection.interceptStanza("message", (node, pass) => {
      offlineMessages.add(node);
      if (isPost(node)) {
        void acknowledgePost(connection, node);
        return;
      }
      for (const { content } of getAllBinaryNodeChildren(node))
        if (content instanceof Uint8Array) this.#stanzaByCiphertext.set(content, node);
      pass();
    });
    connection.on("messages.upsert", ({ messages, type }) => {
      for (const message of messages) void this.#receiveUpsert(message, type === "notify");
    });
  }

  async #receiveUpsert(message: WAMessage, live: boolean): Promise<void> {
    const id = message.key.id ?? "";
    // Its record settles it, which may take longer than Baileys.
    if (this.#recordedIds.delete(id)) return;
    if (isDirectChat(message))
      await Promise.all([this.#lookUpAndRecord(message, live), this.#recordTimer(message)]);
    this.#offlineMessages?.settle(id);
  }

  /** Baileys emits no message whose key is used: it was decrypted, and recorded, over an earlier connection. */
  #settleReadBefore(stanza: BinaryNode | undefined, error: unknown): void {
    const id = stanza?.attrs["id"];
    if (id !== undefined && error instanceof Error && error.message === KEY_USED)
      this.#offlineMessages?.settle(id);
  }

  /**
   * Reads the message and its writer. All look-ups of keys end here: a ratchet that waits for its record holds the lock
   * under which every key is read.
   */
  async #prepareRecord(stanza: BinaryNode | undefined, plain: Uint8Array): Promise<() => Promise<void>> {
    const message = stanza && this.#decodeMessage(stanza, plain);
    const id = message?.key.id;
    if (!stanza || !message || !id || !this.#connection) return () => Promise.resolve();
    if (!isDirectChat(message)) return () => this.#recordOwn(id, stanza, message);
    const sender = await senderOf(this.#connection.sock, message, stanza);
    return () => this.#recordDirect(id, stanza, message, sender);
  }

  /** The timer of a chat that the shop's phone wrote into, or the notice of its history. */
  async #recordOwn(id: string, stanza: BinaryNode, message: WAMessage): Promise<void> {
    await withTimeout(this.#clock, RECORD_TIMEOUT_MS, this.#recordTimer(message, stanza));
    await this.#recordNotice(id, stanza, message);
  }

  async #recordDirect(id: string, stanza: BinaryNode, message: WAMessage, sender: Sender): Promise<void> {
    this.#recordedIds.add(id);
    const live = stanza.attrs["offline"] === undefined;
    const timer = this.#recordTimer(message, stanza);
    const recorded = Promise.all([timer, this.#record(message, live, sender)]);
    void recorded.then(() => this.#offlineMessages?.settle(id));
    await withTimeout(this.#clock, RECORD_TIMEOUT_MS, recorded);
  }

  async #recordNotice(id: string, stanza: BinaryNode, message: WAMessage): Promise<void> {
    const notice = this.#connection && this.#findNotice(this.#connection.sock, stanza, message);
    if (notice === null) return;
    const params = { notice_id: sanitizeId(id), notice };
    const recorded = recordUntilKept(this.#wire, this.#clock, "history_notice", params);
    await withTimeout(this.#clock, RECORD_TIMEOUT_MS, recorded);
  }

  #decodeMessage(stanza: BinaryNode, plain: Uint8Array): WAMessage | undefined {
    const me = this.#connection?.creds.me;
    if (!me) return undefined;
    try {
      const { fullMessage } = decodeMessageNode(stanza, me.id, me.lid ?? "");
      return { ...fullMessage, message: proto.Message.decode(unpadRandomMax16(plain)) };
    } catch (error) {
      log.warn({ error }, "message not read at the door");
      return undefined;
    }
  }

  async #recordTimer(message: WAMessage, stanza?: BinaryNode): Promise<void> {
    const timer = this.#connection && chatTimerIn(this.#connection.sock, message, stanza);
    if (timer) await recordUntilKept(this.#wire, this.#clock, "chat_timers", { timers: [timer] });
  }

  async #lookUpAndRecord(message: WAMessage, live: boolean): Promise<void> {
    if (!this.#connection) return;
    await this.#record(message, live, await senderOf(this.#connection.sock, message, undefined));
  }

  async #record(message: WAMessage, live: boolean, sender: Sender): Promise<void> {
    const content = readContent(message);
    const id = message.key.id;
    if (content === null || !id) return;
    const { kind, about, changedAt } = content;
    await recordUntilKept(this.#wire, this.#clock, "inbound", {
      message_id: sanitizeId(id),
      ...sender,
      name: sanitizeName(message.pushName),
      kind,
      text: sanitizeText(content.text),
      about: about === null ? null : sanitizeId(about),
      at: preferPhoneTime(millisFromSeconds(message.messageTimestamp?.toString()), changedAt),
      live,
    });
  }
}
