// A program that uses the real Baileys against the simulator, as any other program would.
import {
  Browsers,
  BufferJSON,
  initAuthCreds,
  makeWASocket,
  type AuthenticationCreds,
  type BinaryNode,
  type ConnectionState,
  type WAMessage,
  type UserFacingSocketConfig,
  type WASocket,
} from "baileys";
import { pino } from "pino";
import { MemoryCache } from "./memory_cache.ts";
import { MemoryKeys } from "./memory_keys.ts";
import { EventRecorder } from "./event_recorder.ts";

interface Received {
  readonly message: WAMessage;
  readonly type: string;
}

export class Program {
  readonly creds: AuthenticationCreds = initAuthCreds();
  readonly events = new EventRecorder();
  readonly #url: string;
  readonly #settings: Partial<UserFacingSocketConfig>;
  readonly keys = new MemoryKeys();
  /** Its list of devices; Baileys does not follow `account_sync`. */
  readonly devices = new MemoryCache();
  readonly #sent = new Map<string, string>();
  #socket: WASocket | undefined;

  constructor(url: string, settings: Partial<UserFacingSocketConfig> = {}) {
    this.#url = url;
    this.#settings = settings;
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
      auth: { creds: this.creds, keys: this.keys },
      logger: pino({ level: "silent" }),
      browser: Browsers.windows("Chrome"),
      emitOwnEvents: false,
      markOnlineOnConnect: false,
      syncFullHistory: false,
      shouldSyncHistoryMessage: () => false,
      defaultQueryTimeoutMs: 5000,
      connectTimeoutMs: 5000,
      retryRequestDelayMs: 1,
      userDevicesCache: this.devices,
      ...this.#settings,
      getMessage: ({ id }) =>
        Promise.resolve({ extendedTextMessage: { text: this.#sent.get(id ?? "") ?? null } }),
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  #listen(socket: WASocket): void {
    socket.ev.on("creds.update", (update) => Object.assign(this.creds, update));
    socket.ev.on("connection.update", (update) => {
      this.#recordConnection(update);
    });
    socket.ev.on("messages.upsert", ({ messages, type }) => {
      for (const message of messages) {
        this.events.add("message", { message, type });
      }
    });
    socket.ev.on("messages.update", (updates) => {
      for (const update of updates) {
        this.events.add("update", update);
      }
    });
    socket.ev.on("message-capping.update", (cap) => {
      this.events.add("cap", cap);
    });
    socket.ev.on("messaging-history.set", (history) => {
      this.events.add("history", history);
    });
    this.#listenToStanzas(socket);
  }

  #listenToStanzas(socket: WASocket): void {
    socket.ws.on("CB:iq", (iq: BinaryNode) => {
      this.events.add("iq", iq);
    });
    socket.ws.on("CB:notification", (notification: BinaryNode) => {
      this.events.add("notification", notification);
    });
    socket.ws.on("CB:ack,class:message", (ack: BinaryNode) => {
      this.events.add("ack", ack.attrs);
    });
    socket.ws.on("CB:receipt", (receipt: BinaryNode) => {
      this.events.add("receipt", receipt.attrs);
    });
  }

  #recordConnection({ connection, qr, lastDisconnect, reachoutTimeLock }: Partial<ConnectionState>): void {
    if (reachoutTimeLock) {
      this.events.add("time lock", reachoutTimeLock);
    }
    if (qr !== undefined) {
      this.events.add("qr", qr);
    }
    if (connection === "open") {
      this.events.add("open", true);
    }
    if (connection === "close") {
      const error = lastDisconnect?.error as { output?: { statusCode?: number } } | undefined;
      this.events.add("close", error?.output?.statusCode);
    }
  }

  async open(): Promise<void> {
    this.connect();
    await this.events.next("open");
  }

  /** Becomes a copy of another program, as when two run from one folder. */
  copyCredentials(other: Program): void {
    const saved = JSON.stringify(other.creds, BufferJSON.replacer);
    Object.assign(this.creds, JSON.parse(saved, BufferJSON.reviver));
  }

  /** Resolves to the code with which the connection ended. */
  closed(): Promise<number | undefined> {
    return this.events.next("close");
  }

  async disconnect(): Promise<void> {
    await this.socket.end(undefined);
    await this.closed();
  }

  async send(jid: string, text: string, messageId: string): Promise<void> {
    this.#sent.set(messageId, text);
    await this.socket.sendMessage(jid, { text, linkPreview: null }, { messageId });
  }

  ack(id: string): Promise<BinaryNode["attrs"]> {
    return this.events.next("ack", (ack: BinaryNode["attrs"]) => ack["id"] === id);
  }

  receipt(id: string, type?: string, from?: string): Promise<BinaryNode["attrs"]> {
    return this.events.next(
      "receipt",
      (receipt: BinaryNode["attrs"]) =>
        receipt["id"] === id && receipt["type"] === type && (from === undefined || receipt["from"] === from),
    );
  }

  /** Takes the server's answer that holds a node of this name at any depth; an error with this code. */
  answer(tag: string, code?: string): Promise<BinaryNode> {
    return this.events.next("iq", (iq: BinaryNode) => containsNode(iq, tag, code));
  }

  notification(type: string): Promise<BinaryNode> {
    return this.events.next("notification", ({ attrs }: BinaryNode) => attrs["type"] === type);
  }

  message(id: string): Promise<Received> {
    return this.events.next("message", ({ message }: Received) => message.key.id === id);
  }
}

function containsNode(node: BinaryNode, tag: string, code?: string): boolean {
  const itself = node.tag === tag && (code === undefined || node.attrs["code"] === code);
  return (
    itself || (Array.isArray(node.content) && node.content.some((child) => containsNode(child, tag, code)))
  );
}
