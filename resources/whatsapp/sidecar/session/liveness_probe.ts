// Records when WhatsApp last answered on one connection, and probes it.
import { S_WHATSAPP_NET } from "baileys";
import type { Clock } from "../steady_clock.ts";
import type { Connection } from "./connection.ts";

// Stanzas that WhatsApp sends only as an answer; unrequested ones do not prove that it receives ours.
const RESPONSES = ["ack", "iq,type:result", "iq,type:error"];

export interface LivenessResult {
  round_trip_ms: number | null;
  answered_ms: number | null;
}

export const NOT_PROBED: LivenessResult = { round_trip_ms: null, answered_ms: null };

export class LivenessProbe {
  readonly #connection: Connection;
  readonly #clock: Clock;
  #answeredAt: number | null = null;

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
    for (const response of RESPONSES) {
      connection.onStanza(response, () => {
        this.#answeredAt = clock.now();
      });
    }
  }

  /** Sends a real query to WhatsApp. Both figures count from now; an earlier answer is negative. */
  async probe(patienceMs: number): Promise<LivenessResult> {
    if (!this.#connection.isOpen && !this.#connection.isPairing) return NOT_PROBED;
    const sentAt = this.#clock.now();
    const round_trip_ms = (await this.#isAnswered(patienceMs)) ? this.#clock.now() - sentAt : null;
    const answered_ms = this.#answeredAt === null ? null : this.#answeredAt - sentAt;
    return { round_trip_ms, answered_ms };
  }

  async #isAnswered(patienceMs: number): Promise<boolean> {
    const attrs = { to: S_WHATSAPP_NET, type: "get", xmlns: "w:p" };
    const ping = { tag: "iq", attrs, content: [{ tag: "ping", attrs: {} }] };
    try {
      return (await this.#connection.sock.query(ping, patienceMs)) !== undefined;
    } catch {
      return false;
    }
  }
}
