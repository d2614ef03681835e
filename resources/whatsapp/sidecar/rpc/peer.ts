// Speaks JSON-RPC with Python in both directions and validates every message that comes in.
import type { News, Subject } from "../protocol/news.ts";
import { REPLIES, type Question, type Questions, type Reply } from "../protocol/questions.ts";
import { REQUESTS, type Method, type Service } from "../protocol/requests.ts";
import type { Shape } from "../protocol/shapes.ts";
import type { Wire } from "../protocol/wire.ts";
import { readEnvelope } from "./envelope.ts";
import { Failure, failureOf } from "./failure.ts";
import { encodeLine, type TOO_LONG } from "./line_codec.ts";

interface Pending {
  settle(result: unknown): void;
  refuse(failure: Failure): void;
}

export class Peer implements Wire {
  readonly #write: (line: string) => void;
  readonly #onFailure: (error: unknown) => void;
  readonly #pending = new Map<number, Pending>();
  #service: Service | null = null;
  #lastId = 0;

  constructor(write: (line: string) => void, onFailure: (error: unknown) => void) {
    this.#write = write;
    this.#onFailure = onFailure;
  }

  serve(service: Service): void {
    this.#service = service;
  }

  ask<Q extends Question>(question: Q, params: Questions[Q]): Promise<Reply<Q>> {
    const id = ++this.#lastId;
    const fits = REPLIES[question] as Shape<Reply<Q>>;
    return new Promise((resolve, reject) => {
      const settle = (result: unknown): void => {
        if (fits(result)) resolve(result);
        else reject(new Failure("invalid"));
      };
      this.#pending.set(id, { settle, refuse: reject });
      if (!this.#send({ id, method: question, params })) {
        this.#pending.delete(id);
        reject(new Failure("invalid"));
      }
    });
  }

  tell<S extends Subject>(subject: S, news: News[S] & { generation: number }): void {
    if (!this.#send({ method: subject, params: news })) this.#onFailure(new Failure("invalid"));
  }

  receive(line: string | typeof TOO_LONG): void {
    const envelope = typeof line === "string" ? readEnvelope(line) : ({ kind: "invalid", id: null } as const);
    switch (envelope.kind) {
      case "request":
        void this.#answer(envelope.id, envelope.method, envelope.params);
        return;
      case "answer":
        this.#take(envelope.id)?.settle(envelope.result);
        return;
      case "refusal":
        this.#take(envelope.id)?.refuse(new Failure("failure"));
        return;
      case "invalid":
        this.#refuse(envelope.id, new Failure("invalid"));
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
      this.#refuse(id, failureOf(error));
    }
  }

  #call(method: string, params: unknown): Promise<unknown> {
    if (!Object.hasOwn(REQUESTS, method)) throw new Failure("unknown_method");
    const known = method as Method;
    if (!REQUESTS[known](params)) throw new Failure("invalid");
    if (this.#service === null) throw new Failure("failure");
    const serve = this.#service[known] as (params: unknown) => Promise<unknown>;
    return serve(params);
  }

  #refuse(id: number | null, failure: Failure): void {
    this.#send({ id, error: { code: failure.code, message: failure.word } });
  }

  #take(id: number | null): Pending | undefined {
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
