// Harness of a link by passkey: Baileys alone against a simulated WhatsApp, and the account's owner.
import { BareBaileys } from "../baileys/bare_baileys.ts";
import { PasskeyLinking, type PasskeyAssertion, type PasskeyEvent } from "./passkey_linking.ts";
import type { Wire } from "../protocol/wire.ts";
import { Connection } from "../session/connection.ts";
import { CredentialSaver } from "../session/credential_saver.ts";
import { waitUntil } from "../../simulator/testing/event_recorder.ts";
import { SHOP, type SimulatorHarness } from "../../simulator/testing/simulator_harness.ts";
import { ManualClock } from "../testing/manual_clock.ts";

type Step = PasskeyEvent["step"];
type EventOf<S extends Step> = Extract<PasskeyEvent, { step: S }>;

export interface PhoneScreen {
  readonly code: string | null;
  readonly proven: boolean;
  readonly refused: string | null;
}

export class PasskeyHarness {
  readonly baileys: BareBaileys;
  readonly clock = new ManualClock();
  readonly connection: Connection;
  readonly linking: PasskeyLinking;
  readonly events: PasskeyEvent[] = [];
  /** The secret in the QR code that was scanned. */
  shownSecret = "";
  readonly #simulator: SimulatorHarness;
  #read = 0;

  private constructor(simulator: SimulatorHarness, baileys: BareBaileys) {
    this.#simulator = simulator;
    this.baileys = baileys;
    const request = (): Promise<object> => Promise.resolve({});
    const wire = { request, emit: () => undefined } as unknown as Wire;
    const saver = new CredentialSaver(wire);
    this.connection = new Connection(1, 1000, baileys.socket, baileys.creds, wire, saver);
    this.linking = new PasskeyLinking(this.connection, this.clock, (event) => this.events.push(event));
    this.linking.watch();
  }

  /** Connects up to the QR code, and lets the phone scan it. */
  static async scanned(simulator: SimulatorHarness): Promise<PasskeyHarness> {
    const baileys = new BareBaileys(simulator);
    baileys.connect(1000);
    const harness = new PasskeyHarness(simulator, baileys);
    const qr = await baileys.events.next<string>("qr");
    harness.shownSecret = qr.split(",")[3] ?? "";
    await simulator.admin.post("scan", { number: SHOP, qr });
    return harness;
  }

  /** The same, up to the challenge and its signature. */
  static async signed(simulator: SimulatorHarness): Promise<[PasskeyHarness, PasskeyAssertion]> {
    const harness = await PasskeyHarness.scanned(simulator);
    const { options } = await harness.next("challenge");
    return [harness, await harness.sign(options)];
  }

  /** The same, up to the code. */
  static async withCode(simulator: SimulatorHarness): Promise<[PasskeyHarness, EventOf<"code">]> {
    const [harness, assertion] = await PasskeyHarness.signed(simulator);
    await harness.linking.answer(assertion);
    return [harness, await harness.next("code")];
  }

  /** Takes the next event, which must be of this step. */
  async next<S extends Step>(step: S): Promise<EventOf<S>> {
    await waitUntil(() => Promise.resolve(this.events.length > this.#read));
    const event = this.events[this.#read++];
    if (event?.step !== step) throw new Error(`${step} expected, not ${JSON.stringify(event)}`);
    return event as EventOf<S>;
  }

  async failure(): Promise<string> {
    return (await this.next("failed")).reason;
  }

  async sign(options: string, how: object = {}): Promise<PasskeyAssertion> {
    const { answer } = await this.#simulator.admin.post("passkey/sign", { options, ...how });
    const { credential_id, assertion } = answer as { credential_id: string; assertion: object };
    return { credentialId: Buffer.from(credential_id, "base64url"), json: JSON.stringify(assertion) };
  }

  phone(): Promise<PhoneScreen> {
    return this.#simulator.admin.get<PhoneScreen>("passkey");
  }

  /** Returns the status with which the phone takes this code. */
  async confirmOnPhone(code: string): Promise<number> {
    return (await this.#simulator.admin.post("passkey/confirm", { code })).status;
  }

  /** Resolves once the device is linked and logs in. */
  async loggedIn(): Promise<void> {
    await this.baileys.events.next("close");
    await this.baileys.open();
    await this.baileys.disconnect();
  }

  async end(): Promise<void> {
    await this.baileys.socket.end(undefined);
  }
}
