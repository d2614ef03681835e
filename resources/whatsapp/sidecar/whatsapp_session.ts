// The one WhatsApp session of this process; its connections follow each other one at a time.
import { DEFAULT_CONNECTION_CONFIG, type WAVersion } from "baileys";
import type { AckTracker } from "./messages/ack_tracker.ts";
import { watchAcks } from "./messages/acks.ts";
import { InboundReceiver } from "./messages/inbound_receiver.ts";
import { markRead, ReceivedMessages } from "./messages/mark_read.ts";
import { historyNoticeIn } from "./history/history_notice.ts";
import { readHistory } from "./history/read_history.ts";
import { MappingReporter } from "./messages/mapping_reporter.ts";
import { SentNumbers, watchMappings } from "./messages/mapping_sources.ts";
import { flushReceiptsFirst, ReceiptBatcher } from "./messages/receipt_batcher.ts";
import { watchReceipts } from "./messages/receipts.ts";
import { sendText } from "./messages/send_text.ts";
import { findSentText } from "./messages/sent_text.ts";
import { recordTokenIssues } from "./messages/privacy_tokens.ts";
import { gateKeys, gateRepository, saveKeysInBackground } from "./messages/send_gate.ts";
import type { HistoryOutcome, Params, SendOutcome } from "./protocol/requests.ts";
import type { Wire } from "./protocol/wire.ts";
import { clientVersion, versionText } from "./session/client_version.ts";
import { connect } from "./session/connect.ts";
import type { Connection } from "./session/connection.ts";
import { DeviceCache } from "./session/device_cache.ts";
import { disconnect } from "./session/disconnect.ts";
import { WireKeyStore } from "./session/key_store.ts";
import { LivenessProbe, NOT_PROBED, type LivenessResult } from "./session/liveness_probe.ts";
import { logout } from "./session/logout.ts";
import { addSystemCertificates } from "./session/system_certificates.ts";
import { mediaOrigin } from "./session/server_address.ts";
import { steadyClock as clock } from "./steady_clock.ts";

export class WhatsAppSession {
  readonly #wire: Wire;
  readonly #receipts: ReceiptBatcher;
  readonly #mappings: MappingReporter;
  readonly #sentNumbers = new SentNumbers();
  readonly #received = new ReceivedMessages();
  readonly #keys: WireKeyStore;
  readonly #deviceCache = new DeviceCache(() => clock.now());
  #connection: Connection | null = null;
  #tracker: AckTracker | null = null;
  #liveness: LivenessProbe | null = null;
  #version: WAVersion | null = null;
  #mediaOrigin = mediaOrigin(null);
  #lastStep: Promise<unknown> = Promise.resolve();

  constructor(wire: Wire) {
    this.#receipts = new ReceiptBatcher(wire);
    this.#wire = flushReceiptsFirst(this.#receipts, wire);
    this.#mappings = new MappingReporter(this.#wire, clock);
    this.#keys = new WireKeyStore(wire, clock);
  }

  get connection(): Connection | null {
    return this.#connection;
  }

  /** WhatsApp Web version that the latest connection announced. */
  get clientVersion(): string | null {
    return this.#version && versionText(this.#version);
  }

  connect(params: Params<"connect">): Promise<void> {
    return this.#serialize(async () => {
      await disconnect(this.#connection, this.#keys);
      addSystemCertificates(params.system_certificates);
      this.#mediaOrigin = mediaOrigin(params.simulated_url);
      this.#version = await clientVersion(params);
      // Another account's devices are of no use to a new pairing.
      if (params.credentials === null) this.#deviceCache.flushAll();
      this.#connection = connect(params, { ...this.#connectDependencies(), version: this.#version });
    });
  }

  disconnect(): Promise<void> {
    return this.#serialize(() => disconnect(this.#connection, this.#keys));
  }

  logout(): Promise<void> {
    return this.#serialize(() => logout(this.#connection, this.#keys));
  }

  /** With a patience of 0, or no connection, WhatsApp is not asked. */
  probe(patienceMs: number): Promise<LivenessResult> {
    return patienceMs > 0 && this.#liveness ? this.#liveness.probe(patienceMs) : Promise.resolve(NOT_PROBED);
  }

  sendText(params: Params<"send_text">): Promise<SendOutcome> {
    const [connection, tracker] = [this.#connection, this.#tracker];
    if (connection?.isOpen !== true || tracker === null) {
      return Promise.resolve({ outcome: "rejected", kind: "not_connected", code: null, written: false });
    }
    const noteWrite = async (messageId: string): Promise<boolean> =>
      (await this.#wire.request("about_to_write", { message_id: messageId })).allowed;
    this.#sentNumbers.add(params.message_id, params.jid);
    return sendText(
      { connection, tracker, clock, keysWritten: () => this.#keys.written(), noteWrite },
      params,
    );
  }

  markRead(params: Params<"mark_read">): Promise<void> {
    return markRead(this.#connection, this.#received, params);
  }

  readHistory({ notice }: Params<"read_history">): Promise<HistoryOutcome> {
    return readHistory(this.#connection, this.#wire, this.#mediaOrigin, notice);
  }

  #connectDependencies(): Omit<Parameters<typeof connect>[1], "version"> {
    const wire = this.#wire;
    const receiver = new InboundReceiver(wire, clock, historyNoticeIn);
    return {
      wire,
      clock,
      keys: this.#keys,
      devices: this.#deviceCache,
      wrapCachedKeys: (keys) => gateKeys(recordTokenIssues(keys)),
      wrapStoredKeys: (keys) => saveKeysInBackground(receiver.wrapKeys(keys)),
      sending: {
        makeSignalRepository: gateRepository(
          receiver.wrapRepository(DEFAULT_CONNECTION_CONFIG.makeSignalRepository),
        ),
        getMessage: (key) => findSentText(wire, key),
      },
      watch: (connection) => {
        this.#liveness = new LivenessProbe(connection, clock);
        this.#tracker = watchAcks(connection, this.#receipts, clock);
        watchReceipts(connection, wire, this.#receipts, this.#tracker);
        receiver.watch(connection);
        this.#received.watch(connection);
        watchMappings(connection, this.#mappings, this.#sentNumbers);
      },
    };
  }

  #serialize<T>(step: () => Promise<T>): Promise<T> {
    const result = this.#lastStep.then(step, step);
    this.#lastStep = result.catch(() => undefined);
    return result;
  }
}
