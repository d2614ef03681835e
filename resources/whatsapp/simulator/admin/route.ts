// One admin request: its name, its fields, its answer and its description.
import type { Network } from "../world/network.ts";
import { describe, readFields, type Read, type Shape } from "./fields.ts";

type Answer = object | Promise<object>;

export interface Route {
  readonly request: string;
  readonly takes: string;
  readonly answers: string;
  readonly description: string;
  readonly run: (network: Network, body: unknown) => Answer;
}

interface RouteSpec<S extends Shape> {
  readonly takes: S;
  readonly answers?: string;
  readonly description: string;
}

export function route<S extends Shape>(
  request: `${"GET" | "POST"} /${string}`,
  { takes, answers = "{}", description }: RouteSpec<S>,
  run: (network: Network, fields: Read<S>) => Answer | undefined,
): Route {
  return {
    request,
    takes: describe(takes),
    answers,
    description,
    run: (network, body) => run(network, readFields(takes, body)) ?? {},
  };
}
