// Harness of a simulated WhatsApp with customers, and a shop paired with it through the sidecar.
import type { SendOutcome } from "../protocol/requests.ts";
import { TestHost, Vault } from "./test_host.ts";
import { SimulatorProcess } from "./simulator_process.ts";

export const SHOP = "+5573333330000";

export const jidOf = (number: string): string => `${number.slice(1)}@s.whatsapp.net`;

export interface Contact {
  number: string;
  [option: string]: unknown;
}

const TIMEOUTS = { connect_timeout_ms: 5000, query_timeout_ms: 2000 };

export class ShopHarness {
  readonly simulator: SimulatorProcess;
  readonly vault: Vault;
  host: TestHost;
  readonly #previousHosts: TestHost[] = [];
  generation = 0;

  constructor(world: SimulatorProcess, vault: Vault) {
    this.simulator = world;
    this.vault = vault;
    this.host = new TestHost(vault);
  }

  static async open(contacts: Contact[], account: object = { name: "Coco Loko" }): Promise<ShopHarness> {
    const world = await SimulatorProcess.start();
    await world.post("account", { number: SHOP, ...account });
    await world.post("contacts", { contacts });
    return new ShopHarness(world, new Vault());
  }

  /** Connects without saved credentials, scans the QR text and logs in. */
  async pair(): Promise<void> {
    this.generation = await this.host.connect(this.simulator.url, TIMEOUTS);
    const { text } = await this.host.next("qr", (one) => one["generation"] === this.generation);
    await this.simulator.post("scan", { number: SHOP, qr: text });
    await this.host.state(this.generation, "closed");
    await this.logIn();
  }

  async connect(): Promise<void> {
    this.generation = await this.host.connect(this.simulator.url, TIMEOUTS);
  }

  async logIn(): Promise<void> {
    await this.connect();
    await this.host.state(this.generation, "open");
  }

  async closed(): Promise<unknown> {
    return (await this.host.state(this.generation, "closed"))["code"];
  }

  async restartSidecar(): Promise<unknown> {
    const code = await this.host.stop();
    this.replaceHost();
    return code;
  }

  async killSidecar(): Promise<void> {
    await this.host.kill();
    this.replaceHost();
  }

  replaceHost(): void {
    this.#previousHosts.push(this.host);
    this.host = new TestHost(this.vault);
  }

  /** Output of all processes of this test that others could read. */
  get output(): { stdoutLines: string; errors: string } {
    const hosts = [...this.#previousHosts, this.host];
    return {
      stdoutLines: hosts.map(({ stdoutLines: said }) => said).join(""),
      errors: hosts.map(({ errors }) => errors).join(""),
    };
  }

  async send(number: string, messageId: string, options: object = {}): Promise<SendOutcome> {
    const text = `Pedido ${messageId} pronto`;
    this.vault.sentTexts.set(messageId, text);
    const not_after = (await this.host.steadyNow()) + 20_000;
    const params = {
      jid: jidOf(number),
      text,
      message_id: messageId,
      not_after,
      ack_timeout_ms: 3000,
      noted: false,
      expiration_s: 0,
    };
    return this.host.ask("send_text", { ...params, ...options });
  }

  receipt(messageId: string, level: string): Promise<Record<string, unknown>> {
    return this.host.next("receipt", (one) => one["message_id"] === messageId && one["level"] === level);
  }

  levels(messageId: string): unknown[] {
    const receipts = this.host.received.filter(({ params }) => params["message_id"] === messageId);
    return receipts.map(({ params }) => params["level"]);
  }

  close(): void {
    void this.host.kill();
    this.simulator.stop();
  }
}
