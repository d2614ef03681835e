// JSON-RPC peer for both directions; validates every message that arrives.
import type { Events, EventName } from "../protocol/events.ts";
import {
  HOST_RESULTS,
  type HostMethod,
  type HostRequests,
  type HostResult,
} from "../protocol/host_requests.ts";
import { REQUESTS, type Method, type Methods } from "../protocol/requests.ts";
import type { Shape } from "../protocol/shapes.ts";
import type { Wire } from "../protocol/wire.ts";
import { readEnvelope } from "./envelope.ts";
import { Failure, failureOf } from "./failure.ts";
import { encodeLine, type TOO_LONG } from "./line_codec.ts";

interface Pending {
  resolve(result: unknown): void;
  reject(failure: Failure): void;
}

export class Peer implements Wire {
  readonly #write: (line: string) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #pending = new Map<number, Pending>();
  #methods: Methods | null = null;
  #lastId = 0;

  constructor(write: (line: string) => void, onFailure: (error: unknown) => void) {
    this.#write = write;
    this.#onFailure = onFailure;
  }

  serve(methods: Methods): void {
    this.#methods = methods;
  }

  request<Q extends HostMethod>(method: Q, params: HostRequests[Q]): Promise<HostResult<Q>> {
    const id = ++this.#lastId;
    const isResult = HOST_RESULTS[method] as Shape<HostResult<Q>>;
    return new Promise((resolve, reject) => {
      const settle = (result: unknown): void => {
        if (isResult(result)) resolve(result);
        else reject(new Failure("invalid"));
      };
      this.#pending.set(id, { resolve: settle, reject });
      if (!this.#send({ id, method, params })) {
        this.#pending.delete(id);
        reject(new Failure("invalid"));
      }
    });
  }

  emit<S extends EventName>(event: S, params: Events[S] & { generation: number }): void {
    if (!this.#send({ method: event, params })) this.#onFailure(new Failure("invalid"));
  }

  receive(line: string | typeof TOO_LONG): void {
    const envelope = typeof line === "string" ? readEnvelope(line) : ({ kind: "invalid", id: null } as const);
    switch (envelope.kind) {
      case "request":
        void this.#answer(envelope.id, envelope.method, envelope.params);
        return;
      case "answer":
        this.#takePending(envelope.id)?.resolve(envelope.result);
        return;
      case "refusal":
        this.#takePending(envelope.id)?.reject(new Failure("failure"));
        return;
      case "invalid":
        this.#sendError(envelope.id, new Failure("invalid"));
        return;
      case "notification":
    }
  }

  async #answer(id: number, method: string, params: unknown): Promise<void> {
    try {
      const result = await this.#call(method, params);
      if (!this.#send({ id, result })) throw new Failure("failure");
    } catch (error) {
      if (!(error instanceof Failure)) this.#onFailure(error);
      this.#sendError(id, failureOf(error));
    }
  }

  #call(method: string, params: unknown): Promise<unknown> {
    if (!Object.hasOwn(REQUESTS, method)) throw new Failure("unknown_method");
    const known = method as Method;
    if (!REQUESTS[known](params)) throw new Failure("invalid");
    if (this.#methods === null) throw new Failure("failure");
    const serve = this.#methods[known] as (params: unknown) => Promise<unknown>;
    return serve(params);
  }

  #sendError(id: number | null, failure: Failure): void {
    this.#send({ id, error: { code: failure.code, message: failure.word } });
  }

  #takePending(id: number | null): Pending | undefined {
    if (id === null) return undefined;
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #send(message: object): boolean {
    const line = encodeLine({ jsonrpc: "2.0", ...message });
    if (line !== null) this.#write(line);
    return line !== null;
  }
}
