// Gives Python what customers write to the shop, and lets WhatsApp forget it only when it is on disk.
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
} from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Connection } from "../session/connection.ts";
import type { Clock } from "../steady_clock.ts";
import { readContent } from "./content.ts";
import { fitId, fitName, fitText } from "./fit.ts";
import { atMost, keptInbound } from "./kept_inbound.ts";
import { finer, secondsToMoment } from "./moment.ts";
import { isFromOnePerson, senderOf } from "./sender.ts";
import { WaitingTexts } from "./waiting_texts.ts";

type MakeRepository = SocketConfig["makeSignalRepository"];

/** A text that Python cannot keep for so long stands in nobody's way any more. */
const HELD_MS = 10_000;

interface Arriving {
  kept: Promise<void>;
}

/**
 * Baileys saves the ratchet of a message, then acknowledges it, then tells of it. Whoever is killed in between has
 * lost it: WhatsApp sends it no more, and it opens only once. So it is read as soon as it is decrypted, and its ratchet
 * is saved after Python has kept it: until then the same stanza comes again after the next login, and opens again.
 */
export class InboundDoor {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #arriving = new AsyncLocalStorage<Arriving>();
  readonly #stanzaOf = new WeakMap<Uint8Array, BinaryNode>();
  /** Read at the door; Baileys has yet to tell of them. */
  readonly #read = new Set<string>();
  readonly #waiting = new WaitingTexts();
  #connection: Connection | null = null;
  #ended = false;

  constructor(wire: Wire, clock: Clock) {
    this.#wire = wire;
    this.#clock = clock;
  }

  /** Every message is decrypted here, from the very bytes that its stanza holds. */
  repository(make: MakeRepository): MakeRepository {
    return (auth, ...rest) => {
      const repository = make(auth, ...rest);
      const decrypt = repository.decryptMessage.bind(repository);
      // Baileys' own repository takes it for one as well.
      const keys = auth.keys as SignalKeyStoreWithTransaction;
      return {
        ...repository,
        decryptMessage: (options) => {
          const arriving: Arriving = { kept: Promise.resolve() };
          const open = async (): Promise<Uint8Array> => {
            const plain = await decrypt(options);
            arriving.kept = this.#keep(this.#stanzaOf.get(options.ciphertext), plain);
            return plain;
          };
          return this.#arriving.run(arriving, () => keys.transaction(open, options.jid));
        },
      };
    };
  }

  /** Wraps the key store under Baileys' cache. */
  behind(keys: SignalKeyStore): SignalKeyStore {
    return {
      get: (type, ids) => keys.get(type, ids),
      set: async (changes) => {
        const arriving = this.#arriving.getStore();
        await arriving?.kept;
        // By now the next connection may have moved these ratchets on; the message comes to it again.
        if (arriving && this.#ended) throw new Error("the connection has ended");
        await keys.set(changes);
      },
    };
  }

  watch(connection: Connection): void {
    this.#connection = connection;
    connection.onFinished(() => (this.#ended = true));
    connection.heardAll = () => atMost(this.#clock, HELD_MS, this.#waiting.allHeard());
    connection.holdStanza("message", (node, pass) => {
      this.#waiting.arrived(node);
      for (const { content } of getAllBinaryNodeChildren(node))
        if (content instanceof Uint8Array) this.#stanzaOf.set(content, node);
      pass();
    });
    connection.on("messages.upsert", ({ messages, type }) => {
      for (const message of messages) void this.#heard(message, type === "notify");
    });
  }

  async #heard(message: WAMessage, live: boolean): Promise<void> {
    const id = message.key.id ?? "";
    if (isFromOnePerson(message) && !this.#read.delete(id)) await this.#tell(message, live);
    this.#waiting.heard(id);
  }

  async #keep(stanza: BinaryNode | undefined, plain: Uint8Array): Promise<void> {
    const message = stanza && this.#messageIn(stanza, plain);
    if (!stanza || !message?.key.id || !isFromOnePerson(message)) return;
    this.#read.add(message.key.id);
    await atMost(this.#clock, HELD_MS, this.#tell(message, stanza.attrs["offline"] === undefined));
    this.#waiting.heard(message.key.id);
  }

  #messageIn(stanza: BinaryNode, plain: Uint8Array): WAMessage | undefined {
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

  async #tell(message: WAMessage, live: boolean): Promise<void> {
    const content = readContent(message);
    const id = message.key.id;
    if (content === null || !id || !this.#connection) return;
    const sender = await senderOf(this.#connection.sock, message);
    const { kind, about, doneAt } = content;
    await keptInbound(this.#wire, this.#clock, {
      message_id: fitId(id),
      ...sender,
      name: fitName(message.pushName),
      kind,
      text: fitText(content.text),
      about: about === null ? null : fitId(about),
      at: finer(secondsToMoment(message.messageTimestamp?.toString()), doneAt),
      live,
    });
  }
}
