// Test host in Python's place: runs the sidecar and stores its keys and credentials in memory.
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { WIRE_VERSION } from "../protocol/vocabulary.ts";
import type { Account, Results, Method, Params } from "../protocol/requests.ts";

const MAIN = process.env["SIDECAR"] ?? new URL("../main.ts", import.meta.url).pathname;

export const PING_PARAMS = { wire_version: WIRE_VERSION, patience_ms: 0 };
export const CONNECT_DEFAULTS = {
  browser: "windows_chrome",
  version: null,
  known_version: null,
  look_up_version: false,
  system_certificates: false,
} as const;

/** Requests that carry a list, with the name under which a test finds each entry. */
const LISTS = new Map([
  ["receipts", { field: "receipts", name: "receipt" }],
  ["mappings", { field: "mappings", name: "mapping" }],
  ["chat_timers", { field: "timers", name: "chat timer" }],
]);

/** Requests that a test may wait for, as for events. */
const WATCHED = new Set(["receipts", "inbound", "mappings", "chat_timers", "history_notice"]);

type Fields = Record<string, unknown>;
interface Message {
  id?: number;
  method?: string;
  params?: Fields;
  result?: unknown;
  error?: { code: number };
}

/** State that survives a restart of the sidecar. */
export class Vault {
  readonly keys = new Map<string, string>();
  readonly sentTexts = new Map<string, string>();
  /** Notices of histories that are not read yet, by id. */
  readonly notices = new Map<string, string>();
  /** Timer of every chat. */
  expirationS = 0;
  credentials: string | null = null;
  account: Account | null = null;
  readonly keySets: string[][] = [];
  readonly requestedTextIds: string[] = [];

  answer(question: string, params: Fields): unknown {
    if (question === "history_notice") return this.#keepNotice(params);
    if (["inbound", "mappings", "chat_timers"].includes(question)) return {};
    if (question === "about_to_write") return { allowed: true };
    if (question === "receipts") return { kept: (params["receipts"] as unknown[]).map(() => true) };
    if (question === "keys.get")
      return { values: this.#read(params["type"] as string, params["ids"] as string[]) };
    if (question === "keys.set")
      return this.#write(params["changes"] as Record<string, Record<string, string>>);
    if (question === "sent_text.get") return this.#findText(params["message_id"] as string);
    this.credentials = params["credentials"] as string;
    this.account = params["account"] as Account | null;
    return {};
  }

  #keepNotice(params: Fields): object {
    this.notices.set(params["notice_id"] as string, params["notice"] as string);
    return {};
  }

  #read(type: string, ids: string[]): Record<string, string> {
    const found = ids.flatMap((id) => {
      const text = this.keys.get(`${type}/${id}`);
      return text === undefined ? [] : [[id, text] as const];
    });
    return Object.fromEntries(found);
  }

  #findText(id: string): object {
    this.requestedTextIds.push(id);
    return { text: this.sentTexts.get(id) ?? null, expiration_s: this.expirationS };
  }

  #write(changes: Record<string, Record<string, string | null>>): object {
    const written: string[] = [];
    for (const [type, values] of Object.entries(changes)) {
      for (const [id, text] of Object.entries(values)) {
        written.push(`${type}/${id}`);
        if (text === null) this.keys.delete(`${type}/${id}`);
        else this.keys.set(`${type}/${id}`, text);
      }
    }
    this.keySets.push(written);
    return {};
  }
}

export class TestHost {
  readonly vault: Vault;
  readonly received: { name: string; params: Fields }[] = [];
  /** Every line except those that carry keys and credentials to the vault, where they belong. */
  stdoutLines = "";
  errors = "";
  /** Requests that are never answered and not stored: the disk is stuck. */
  readonly unanswered = new Set<string>();
  /** Delay by method of requests that are stored and answered late: the disk is slow. */
  readonly delayMs = new Map<string, number>();
  #lastId = 0;
  #generation = 0;
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #pending = new Map<number, (message: Message) => void>();
  readonly #watchers = new Set<() => void>();

  constructor(vault: Vault, main = MAIN) {
    this.vault = vault;
    this.#child = spawn(process.execPath, [main], { env: {} });
    // A sidecar that a test has killed may leave an answer that cannot be written any more.
    this.#child.stdin.on("error", () => undefined);
    this.#child.stderr.on("data", (chunk: Buffer) => (this.errors += chunk.toString()));
    createInterface({ input: this.#child.stdout }).on("line", (line) => {
      this.#receive(line, JSON.parse(line) as Message);
    });
  }

  async ask<M extends Method>(method: M, params: Params<M>): Promise<Results[M]> {
    const id = ++this.#lastId;
    this.#write({ id, method, params });
    const answer = await new Promise<Message>((resolve) => this.#pending.set(id, resolve));
    if (answer.error) throw new Error(`${method} failed with ${answer.error.code}`);
    return answer.result as Results[M];
  }

  /** Agrees on the version and connects with the vault's credentials. */
  async connect(
    url: string,
    timeouts = { connect_timeout_ms: 5000, query_timeout_ms: 5000 },
  ): Promise<number> {
    await this.ask("ping", PING_PARAMS);
    const generation = ++this.#generation;
    const credentials = this.vault.credentials;
    await this.ask("connect", {
      ...CONNECT_DEFAULTS,
      generation,
      credentials,
      simulated_url: url,
      ...timeouts,
    });
    return generation;
  }

  async steadyNow(): Promise<number> {
    return (await this.ask("ping", PING_PARAMS)).steady_ms;
  }

  /** Resolves to the first event of this name that fits, already received or still to come. */
  async next(
    name: string,
    matches: (params: Fields) => boolean = () => true,
    limitMs = 15_000,
  ): Promise<Fields> {
    const find = (): Fields | undefined =>
      this.received.find((one) => one.name === name && matches(one.params))?.params;
    const found = find();
    if (found !== undefined) return found;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        const names = this.received.map(
          (one) => `${one.name} ${String(one.params["state"] ?? one.params["level"])}`,
        );
        reject(new Error(`no ${name} in time; told: ${names.slice(-12).join(", ")}; ${this.errors}`));
      }, limitMs);
      const watcher = (): void => {
        const params = find();
        if (params === undefined) return;
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve(params);
      };
      this.#watchers.add(watcher);
    });
  }

  state(generation: number, state: string): Promise<Fields> {
    return this.next("connection", (one) => one["generation"] === generation && one["state"] === state);
  }

  /** Has every kept notice read, as Python does while a connection is open; resolves to the outcomes. */
  async readHistories(): Promise<string[]> {
    const outcomes: string[] = [];
    for (const [id, notice] of this.vault.notices) {
      const { outcome } = await this.ask("read_history", { notice });
      if (outcome !== "failed") this.vault.notices.delete(id);
      outcomes.push(outcome);
    }
    return outcomes;
  }

  /** Closes the sidecar's stdin and resolves to its exit code. */
  async stop(): Promise<unknown> {
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    this.#child.stdin.end();
    const [code] = (await once(this.#child, "exit", { signal: AbortSignal.timeout(5000) })) as unknown[];
    return code;
  }

  async kill(): Promise<void> {
    const exited = once(this.#child, "close", { signal: AbortSignal.timeout(5000) });
    this.#child.kill("SIGKILL");
    await exited;
  }

  #receive(line: string, message: Message): void {
    const { id, method, params = {} } = message;
    if (method === undefined) {
      this.stdoutLines += `${line}\n`;
      this.#pending.get(id ?? 0)?.(message);
      this.#pending.delete(id ?? 0);
      return;
    }
    if (id === undefined || WATCHED.has(method)) {
      this.stdoutLines += `${line}\n`;
      this.#recordReceived(method, params);
      for (const watcher of [...this.#watchers]) watcher();
    }
    if (id === undefined || this.unanswered.has(method)) return;
    const answer = (): void => {
      if (this.#child.exitCode === null && this.#child.signalCode === null)
        this.#write({ id, result: this.vault.answer(method, params) });
    };
    const delay = this.delayMs.get(method);
    if (delay === undefined) answer();
    else setTimeout(answer, delay);
  }

  /** Records each receipt and each mapping by itself, also from a batch. */
  #recordReceived(method: string, params: Fields): void {
    const list = LISTS.get(method);
    if (list === undefined) this.received.push({ name: method, params });
    else
      for (const one of params[list.field] as Fields[]) this.received.push({ name: list.name, params: one });
  }

  #write(message: object): void {
    if (!this.#child.stdin.writable) return;
    this.#child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  }
}
