// The whole simulated network: accounts, behaviour, faults, counters and open connections.
import type { ServerIdentity } from "../noise/certificate.ts";
import type { Connection, LineState } from "../stream/connection.ts";
import { Faults } from "./faults.ts";
import type { LinkedDevice } from "./linked_device.ts";
import { MessageKeys } from "./message_keys.ts";
import { defaultOptions, type Options } from "./options.ts";
import { WireLog } from "./wire_log.ts";
import { World } from "./world.ts";

/** A client on an open connection that is not linked yet. */
export interface UnlinkedClient {
  abandon(): void;
}

/** The port on which the server listens. */
interface ServerPort {
  readonly isOpen: boolean;
  close(): void;
  open(): void;
}

interface PendingUpgrade {
  accept(): void;
  abort(): void;
}

export class Network {
  readonly world: World;
  readonly identity: ServerIdentity;
  readonly options: Options = defaultOptions();
  readonly faults = new Faults();
  readonly wireLog = new WireLog();
  readonly messageKeys = new MessageKeys();
  readonly counters = {
    connections: 0,
    logins: 0,
    pairings: 0,
    messages: 0,
    strays: 0,
    acks: 0,
    receipts: 0,
    retries: 0,
    iqs: 0,
    routed: 0,
    downloads: 0,
  };
  /** Encrypted files by their path. */
  readonly mediaFiles = new Map<string, Buffer>();
  /** Every open connection, with its owner once that is known. */
  readonly connections = new Map<Connection, LinkedDevice | UnlinkedClient | undefined>();
  refusing = false;
  port: ServerPort | undefined;
  /** Sockets that came while the line was half open, not answered yet. */
  readonly pendingUpgrades: PendingUpgrade[] = [];
  #line: LineState = "flowing";
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(seed: string, identity: ServerIdentity) {
    this.world = new World(seed);
    this.identity = identity;
  }

  after(ms: number, work: () => void): void {
    if (ms <= 0) {
      work();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      work();
    }, ms);
    this.#timers.add(timer);
  }

  get line(): LineState {
    return this.#line;
  }

  set line(state: LineState) {
    this.#line = state;
    for (const connection of this.connections.keys()) {
      connection.setLine(state);
    }
    if (state !== "half_open") {
      for (const upgrade of this.pendingUpgrades.splice(0)) {
        upgrade.accept();
      }
    }
  }

  closePort(ms: number): void {
    this.port?.close();
    this.dropAll();
    this.after(ms, () => this.port?.open());
  }

  dropAll(): void {
    for (const connection of this.connections.keys()) {
      connection.drop();
    }
    for (const upgrade of this.pendingUpgrades.splice(0)) {
      upgrade.abort();
    }
  }

  close(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.line = "flowing";
    this.dropAll();
  }
}
