// A program that uses the real Baileys against the simulator, as any other program would.
import {
  Browsers,
  initAuthCreds,
  makeWASocket,
  type AuthenticationCreds,
  type BinaryNode,
  type ConnectionState,
  type SignalDataSet,
  type SignalKeyStore,
  type WAMessage,
  type WASocket,
} from "baileys";
import { pino } from "pino";
import { Happenings } from "./happenings.ts";

function memoryKeys(): SignalKeyStore {
  const kept = new Map<string, unknown>();
  return {
    get: (type, ids) =>
      Promise.resolve(
        Object.fromEntries(
          ids.filter((id) => kept.has(`${type} ${id}`)).map((id) => [id, kept.get(`${type} ${id}`)]),
        ),
      ) as ReturnType<SignalKeyStore["get"]> as never,
    set: (changes: SignalDataSet) => {
      for (const [type, values] of Object.entries(changes)) {
        for (const [id, value] of Object.entries(values)) {
          if (value === null) {
            kept.delete(`${type} ${id}`);
          } else {
            kept.set(`${type} ${id}`, value);
          }
        }
      }
    },
  };
}

interface Received {
  readonly message: WAMessage;
  readonly type: string;
}

export class Program {
  readonly creds: AuthenticationCreds = initAuthCreds();
  readonly happenings = new Happenings();
  readonly #url: string;
  readonly #keys = memoryKeys();
  readonly #sent = new Map<string, string>();
  #socket: WASocket | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get socket(): WASocket {
    if (!this.#socket) {
      throw new Error("the program is not connected");
    }
    return this.#socket;
  }

  connect(): void {
    const socket = makeWASocket({
      waWebSocketUrl: this.#url,
      auth: { creds: this.creds, keys: this.#keys },
      logger: pino({ level: "silent" }),
      browser: Browsers.windows("Chrome"),
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
      defaultQueryTimeoutMs: 5000,
      connectTimeoutMs: 5000,
      retryRequestDelayMs: 1,
      getMessage: ({ id }) =>
        Promise.resolve({ extendedTextMessage: { text: this.#sent.get(id ?? "") ?? null } }),
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  #listen(socket: WASocket): void {
    socket.ev.on("creds.update", (update) => Object.assign(this.creds, update));
    socket.ev.on("connection.update", (update) => {
      this.#noteConnection(update);
    });
    socket.ev.on("messages.upsert", ({ messages, type }) => {
      for (const message of messages) {
        this.happenings.add("message", { message, type });
      }
    });
    socket.ev.on("messages.update", (updates) => {
      for (const update of updates) {
        this.happenings.add("update", update);
      }
    });
    socket.ws.on("CB:ack,class:message", (ack: BinaryNode) => {
      this.happenings.add("ack", ack.attrs);
    });
    socket.ws.on("CB:receipt", (receipt: BinaryNode) => {
      this.happenings.add("receipt", receipt.attrs);
    });
  }

  #noteConnection({ connection, qr, lastDisconnect }: Partial<ConnectionState>): void {
    if (qr !== undefined) {
      this.happenings.add("qr", qr);
    }
    if (connection === "open") {
      this.happenings.add("open", true);
    }
    if (connection === "close") {
      const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
      this.happenings.add("close", error?.output?.statusCode);
    }
  }

  async open(): Promise<void> {
    this.connect();
    await this.happenings.next("open");
  }

  async close(): Promise<void> {
    await this.socket.end(undefined);
    await this.happenings.next("close");
  }

  async send(jid: string, text: string, messageId: string): Promise<void> {
    this.#sent.set(messageId, text);
    await this.socket.sendMessage(jid, { text, linkPreview: null }, { messageId });
  }

  ack(id: string): Promise<BinaryNode["attrs"]> {
    return this.happenings.next("ack", (ack: BinaryNode["attrs"]) => ack["id"] === id);
  }

  receipt(id: string, type?: string, from?: string): Promise<BinaryNode["attrs"]> {
    return this.happenings.next(
      "receipt",
      (receipt: BinaryNode["attrs"]) =>
        receipt["id"] === id && receipt["type"] === type && (from === undefined || receipt["from"] === from),
    );
  }

  message(id: string): Promise<Received> {
    return this.happenings.next("message", ({ message }: Received) => message.key.id === id);
  }
}
