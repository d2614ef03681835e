// Harness of a running simulator with a shop's account, and programs linked to it.
import { after } from "node:test";
import type { UserFacingSocketConfig } from "baileys";
import { startSimulator, type Simulator } from "../server.ts";
import { AdminClient } from "./admin_client.ts";
import { Program } from "./program.ts";

export const SHOP = "+5573999990000";

/** Opens a simulated network with a shop in it; it ends with the test file. */
export async function openSimulator(): Promise<SimulatorHarness> {
  const simulator = await startSimulator({ port: 0, seed: "trial" });
  after(() => simulator.close());
  const shop = new SimulatorHarness(simulator);
  await shop.admin.post("account", { number: SHOP, name: "Coco Loko", business: true });
  return shop;
}

export class SimulatorHarness {
  readonly simulator: Simulator;
  readonly admin: AdminClient;

  constructor(simulator: Simulator) {
    this.simulator = simulator;
    this.admin = new AdminClient(simulator.admin);
  }

  program(settings: Partial<UserFacingSocketConfig> = {}): Program {
    return new Program(this.simulator.ws, settings);
  }

  /** Connects a program up to its first QR code. */
  async unlinked(settings: Partial<UserFacingSocketConfig> = {}): Promise<{ program: Program; qr: string }> {
    const program = this.program(settings);
    program.connect();
    return { program, qr: await program.events.next<string>("qr") };
  }

  /** Connects a program and links it. */
  async linked(settings: Partial<UserFacingSocketConfig> = {}): Promise<Program> {
    const { program, qr } = await this.unlinked(settings);
    await this.admin.post("scan", { number: SHOP, qr });
    await program.closed();
    await program.open();
    return program;
  }

  async customer(number: string, fields: object = {}): Promise<string> {
    await this.admin.post("contacts", { contacts: [{ number, ...fields }] });
    return `${number.slice(1)}@s.whatsapp.net`;
  }

  async fault(kind: string, fields: object = {}): Promise<void> {
    await this.admin.post("fault", { kind, ...fields });
  }
}
