// The whole simulated network: its people, its behaviour, its faults, its counters, its open lines.
import type { ServerIdentity } from "../noise/certificate.ts";
import type { PairingAttempt } from "../pairing/pairing_attempt.ts";
import type { Connection } from "../stream/connection.ts";
import { Faults } from "./faults.ts";
import type { LinkedDevice } from "./linked_device.ts";
import { defaultOptions, type Options } from "./options.ts";
import { WireLog } from "./wire_log.ts";
import { World } from "./world.ts";

export class Network {
  readonly world: World;
  readonly identity: ServerIdentity;
  readonly options: Options = defaultOptions();
  readonly faults = new Faults();
  readonly wireLog = new WireLog();
  readonly tallies = { connections: 0, logins: 0, pairings: 0, messages: 0, acks: 0, receipts: 0, iqs: 0 };
  /** Every open connection, with whom it belongs to once that is known. */
  readonly connections = new Map<Connection, LinkedDevice | PairingAttempt | undefined>();
  muted = false;
  refusing = false;
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

  mute(): void {
    this.muted = true;
    for (const connection of this.connections.keys()) {
      connection.stall();
    }
  }

  unmute(): void {
    this.muted = false;
    for (const connection of this.connections.keys()) {
      connection.resume();
    }
  }

  dropAll(): void {
    for (const connection of this.connections.keys()) {
      connection.drop();
    }
  }

  close(): void {
    this.#timers.forEach(clearTimeout);
    this.#timers.clear();
    this.dropAll();
  }
}
