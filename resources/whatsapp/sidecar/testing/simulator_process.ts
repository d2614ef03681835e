// Runs the simulated WhatsApp as a process and calls its admin interface.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const SIMULATOR = new URL("../../simulator/main.ts", import.meta.url).pathname;

export interface Bubble {
  id: string;
  text: string;
  shown: number;
  wire: number;
  expiration: number;
  stays: boolean;
}

export interface Presence {
  rings: boolean;
  devices: { presence: string | null; name: string | null; available_count: number }[];
}

export interface ReadMark {
  number: string;
  id: string;
  type: string;
}

export class SimulatorProcess {
  readonly url: string;
  readonly #admin: string;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, url: string, admin: string) {
    this.#child = child;
    this.url = url;
    this.#admin = admin;
  }

  static async start(): Promise<SimulatorProcess> {
    const child = spawn(process.execPath, [SIMULATOR, "--port", "0", "--exit-with-stdin"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout });
    const [line] = (await once(lines, "line", { signal: AbortSignal.timeout(15_000) })) as [string];
    const { ws, admin } = JSON.parse(line) as { ws: string; admin: string };
    return new SimulatorProcess(child, ws, admin);
  }

  async post(path: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.#admin}/${path}`, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`);
    return answer.json();
  }

  /** Returns the bubbles of the phone; device 1 is its first companion. */
  async inbox(number: string, device = 0): Promise<Bubble[]> {
    const query = new URLSearchParams({ number, device: String(device) });
    const answer = await fetch(`${this.#admin}/inbox?${query.toString()}`);
    return ((await answer.json()) as { messages: Bubble[] }).messages;
  }

  /** Returns the customer's hidden id, with its server. */
  async lidOf(number: string): Promise<string> {
    const answer = await fetch(`${this.#admin}/contact?${new URLSearchParams({ number }).toString()}`);
    return ((await answer.json()) as { lid: string }).lid;
  }

  /** Returns whether the shop's phone would ring, and the presence of each linked program. */
  async presence(number: string): Promise<Presence> {
    const answer = await fetch(`${this.#admin}/presence?${new URLSearchParams({ number }).toString()}`);
    return (await answer.json()) as Presence;
  }

  /** Returns the number of iqs that linked devices have sent. */
  async iqCount(): Promise<number> {
    const answer = await fetch(`${this.#admin}/stats`);
    return ((await answer.json()) as { iqs: number }).iqs;
  }

  /** Returns the customers' messages that the account's programs have marked as read. */
  async readMarks(number: string): Promise<ReadMark[]> {
    const query = new URLSearchParams({ number });
    const answer = await fetch(`${this.#admin}/account/read?${query.toString()}`);
    return ((await answer.json()) as { messages: ReadMark[] }).messages;
  }

  /** Returns the number of copies that were for a device that does not exist. */
  async strays(): Promise<number> {
    const answer = await fetch(`${this.#admin}/stats`);
    return ((await answer.json()) as { strays: number }).strays;
  }

  /** Returns the token that this message carried. */
  async tokenOf(id: string): Promise<string | null | undefined> {
    const answer = await fetch(`${this.#admin}/wire`);
    const { messages } = (await answer.json()) as { messages: { id: string; token: string | null }[] };
    return messages.find((message) => message.id === id)?.token;
  }

  /** Polls until a file has been asked for. */
  async waitForDownload(): Promise<void> {
    const limit = AbortSignal.timeout(10_000);
    for (let downloads = 0; downloads === 0;) {
      limit.throwIfAborted();
      const answer = await fetch(`${this.#admin}/stats`);
      ({ downloads } = (await answer.json()) as { downloads: number });
    }
  }

  /** Returns how many stanzas wait for the acknowledgement of a linked program. */
  async waitingStanzas(): Promise<number> {
    const answer = await fetch(`${this.#admin}/devices`);
    const { devices } = (await answer.json()) as { devices: { waiting?: number }[] };
    return devices.reduce((sum, { waiting = 0 }) => sum + waiting, 0);
  }

  /** Returns how often the server saw an id again without a retry receipt for it. */
  async wireRepeats(): Promise<number> {
    const answer = await fetch(`${this.#admin}/messages`);
    return ((await answer.json()) as { wire_repeats: number }).wire_repeats;
  }

  /** Returns the number of message keys that encrypted two different texts. */
  async keysReused(): Promise<number> {
    const answer = await fetch(`${this.#admin}/stats`);
    return ((await answer.json()) as { keys_reused: number }).keys_reused;
  }

  /** Polls until the server has accepted this message so many times; answers to retry receipts count. */
  async waitForStanza(id: string, times = 1): Promise<void> {
    const limit = AbortSignal.timeout(10_000);
    for (let seen = 0; seen < times;) {
      limit.throwIfAborted();
      const answer = await fetch(`${this.#admin}/stanzas`);
      const { entries } = (await answer.json()) as { entries: { what: string; id: string }[] };
      seen = entries.filter((entry) => entry.what === "message" && entry.id === id).length;
    }
  }

  /** Polls until the phone shows this message. */
  async waitForBubble(number: string, id: string, device = 0): Promise<void> {
    const limit = AbortSignal.timeout(10_000);
    while (!(await this.inbox(number, device)).some((bubble) => bubble.id === id)) {
      limit.throwIfAborted();
    }
  }

  async fault(kind: string, options: object = {}): Promise<void> {
    await this.post("fault", { kind, ...options });
  }

  stop(): void {
    this.#child.stdin?.end();
  }
}
