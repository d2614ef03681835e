// Client of a simulator's admin interface, for tests.
import type { Bubble } from "../world/inbox.ts";
import type { WireEntry } from "../world/wire_log.ts";

export type ShownMessage = Bubble & { readonly wire: number; readonly number: string };

interface Everything {
  readonly messages: ShownMessage[];
  readonly wire_repeats: number;
  readonly undecryptable: number;
}

export class AdminClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async get<T>(path: string): Promise<T> {
    const response = await fetch(`${this.#url}/${path}`);
    return (await response.json()) as T;
  }

  async post(path: string, body: object = {}): Promise<{ status: number; answer: Record<string, unknown> }> {
    const response = await fetch(`${this.#url}/${path}`, { method: "POST", body: JSON.stringify(body) });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  }

  async inbox(number: string, device = 0): Promise<ShownMessage[]> {
    const query = new URLSearchParams({ number, device: device.toString() });
    const { messages } = await this.get<Everything>(`inbox?${query.toString()}`);
    return messages;
  }

  async stanzas(after: number): Promise<WireEntry[]> {
    return (await this.get<{ entries: WireEntry[] }>(`stanzas?after=${after}`)).entries;
  }

  messages(): Promise<Everything> {
    return this.get<Everything>("messages");
  }
}
