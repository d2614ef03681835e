// Runs Baileys alone with the sidecar's options against a simulated WhatsApp and records its events.
import {
  DEFAULT_CONNECTION_CONFIG,
  initAuthCreds,
  makeWASocket,
  type AuthenticationCreds,
  type BinaryNode,
  type ConnectionState,
  type SignalKeyStore,
  type WASocket,
} from "baileys";
import { CONNECT_DEFAULTS } from "../testing/test_host.ts";
import { pino } from "pino";
import { EventRecorder } from "../../simulator/testing/event_recorder.ts";
import { MemoryKeys } from "../../simulator/testing/memory_keys.ts";
import { SHOP, type SimulatorHarness } from "../../simulator/testing/simulator_harness.ts";
import { closeResult } from "../session/close_result.ts";
import { DeviceCache } from "../session/device_cache.ts";
import { socketOptions } from "../session/socket_options.ts";

export interface Update {
  readonly id: string | null | undefined;
  readonly status: number | null | undefined;
}

export interface Arrival {
  readonly id: string | null | undefined;
  readonly type: string;
}

export class BareBaileys {
  readonly creds: AuthenticationCreds = initAuthCreds();
  readonly events = new EventRecorder();
  /** Types of the keys that Baileys read or wrote. */
  readonly keyTypes = new Set<string>();
  /** Ids of messages that a phone could not read, for which Baileys asked the text. */
  readonly requestedTextIds: string[] = [];
  readonly texts = new Map<string, string>();
  readonly #keys = new MemoryKeys();
  readonly #devices = new DeviceCache(() => performance.now());
  readonly #simulator: SimulatorHarness;
  #socket: WASocket | undefined;

  constructor(shop: SimulatorHarness) {
    this.#simulator = shop;
  }

  get socket(): WASocket {
    if (!this.#socket) throw new Error("not connected");
    return this.#socket;
  }

  connect(queryTimeoutMs = 5000): void {
    const params = { generation: 1, credentials: null, simulated_url: this.#simulator.simulator.ws };
    const timeouts = { connect_timeout_ms: 5000, query_timeout_ms: queryTimeoutMs };
    const socket = makeWASocket({
      ...socketOptions({
        address: this.#simulator.simulator.ws,
        creds: this.creds,
        keys: this.#keys,
        wrapCachedKeys: (keys) => this.#recordKeyTypes(keys),
        wrapStoredKeys: (keys) => keys,
        version: DEFAULT_CONNECTION_CONFIG.version,
        devices: this.#devices,
        sending: { getMessage: ({ id }) => Promise.resolve(this.#textOf(id ?? "")) },
        params: { ...CONNECT_DEFAULTS, ...params, ...timeouts },
      }),
      logger: pino({ level: "silent" }),
    });
    this.#socket = socket;
    this.#listen(socket);
  }

  async open(queryTimeoutMs?: number): Promise<void> {
    this.connect(queryTimeoutMs);
    await this.events.next("open");
  }

  async pair(): Promise<void> {
    this.connect();
    const qr = await this.events.next<string>("qr");
    await this.#simulator.admin.post("scan", { number: SHOP, qr });
    await this.events.next("close");
    await this.open();
  }

  async disconnect(): Promise<void> {
    await this.socket.end(undefined);
    await this.events.next("close");
  }

  async send(jid: string, text: string, messageId: string): Promise<string | null | undefined> {
    this.texts.set(messageId, text);
    const sent = await this.socket.sendMessage(jid, { text, linkPreview: null }, { messageId });
    return sent?.key.id;
  }

  ack(id: string): Promise<BinaryNode["attrs"]> {
    return this.events.next("ack", (attrs: BinaryNode["attrs"]) => attrs["id"] === id);
  }

  receipt(id: string, type?: string, from?: string): Promise<BinaryNode["attrs"]> {
    const matches = (attrs: BinaryNode["attrs"]): boolean =>
      attrs["id"] === id && attrs["type"] === type && (from === undefined || attrs["from"] === from);
    return this.events.next("receipt", matches);
  }

  update(id: string, status: number): Promise<Update> {
    return this.events.next("update", (one: Update) => one.id === id && one.status === status);
  }

  arrival(id: string): Promise<Arrival> {
    return this.events.next("arrival", (one: Arrival) => one.id === id);
  }

  #textOf(id: string): { extendedTextMessage: { text: string } } | undefined {
    this.requestedTextIds.push(id);
    const text = this.texts.get(id);
    return text === undefined ? undefined : { extendedTextMessage: { text } };
  }

  #recordKeyTypes(keys: SignalKeyStore): SignalKeyStore {
    return {
      get: (type, ids) => {
        this.keyTypes.add(type);
        return keys.get(type, ids);
      },
      set: (changes) => {
        for (const type of Object.keys(changes)) this.keyTypes.add(type);
        return keys.set(changes);
      },
    };
  }

  #listen({ ev, ws }: WASocket): void {
    const events = this.events;
    ev.on("creds.update", (update) => Object.assign(this.creds, update));
    ev.on("connection.update", (update) => {
      this.#recordConnection(update);
    });
    ev.on("messages.upsert", ({ messages, type }) => {
      for (const { key } of messages) events.add("arrival", { id: key.id, type });
    });
    ev.on("messages.update", (updates) => {
      for (const { key, update } of updates) events.add("update", { id: key.id, status: update.status });
    });
    ev.on("message-receipt.update", () => {
      events.add("group receipt", true);
    });
    ws.on("CB:ack,class:message", ({ attrs }: BinaryNode) => {
      events.add("ack", attrs);
    });
    ws.on("CB:receipt", ({ attrs }: BinaryNode) => {
      events.add("receipt", attrs);
    });
  }

  #recordConnection({ connection, qr, lastDisconnect }: Partial<ConnectionState>): void {
    if (qr !== undefined) this.events.add("qr", qr);
    if (connection === "open") this.events.add("open", true);
    if (connection === "close") this.events.add("close", closeResult(lastDisconnect?.error).code);
  }
}
