// The admin interface over HTTP: JSON in, JSON out, on the loopback address only.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { BadRequest } from "./fields.ts";
import { ROUTES } from "./routes.ts";

const PREFIX = "/admin";
/** Name by which a program knows that it may ask for more than a web socket. */
const SERVER = "simulated-whatsapp";
const LARGEST_BODY = 8 * 1024 * 1024;
const LOOPBACK_HOST = /^(127\.0\.0\.1|localhost)(:\d+)?$/;

const BY_REQUEST = new Map(ROUTES.map((route) => [route.request, route]));

async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_BODY) {
      throw new BadRequest("the body is too large");
    }
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString();
  try {
    return body === "" ? {} : JSON.parse(body);
  } catch {
    throw new BadRequest("the body is not JSON");
  }
}

function respond(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { "content-type": "application/json", server: SERVER });
  response.end(JSON.stringify(answer));
}

async function answer(network: Network, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "/", "http://127.0.0.1");
  const route = BY_REQUEST.get(`${request.method ?? ""} ${url.pathname.slice(PREFIX.length)}`);
  if (!url.pathname.startsWith(PREFIX) || !route || !LOOPBACK_HOST.test(request.headers.host ?? "")) {
    respond(response, 404, { error: "there is nothing here" });
    return;
  }
  const body = request.method === "GET" ? Object.fromEntries(url.searchParams) : await readBody(request);
  const result = await route.run(network, body);
  if (network.port?.isOpen === false) {
    response.setHeader("connection", "close");
  }
  respond(response, 200, result);
}

function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof BadRequest) {
    respond(response, 400, { error: error.message });
  } else if (error instanceof Conflict) {
    respond(response, 409, { error: error.message });
  } else {
    respond(response, 500, { error: "failure inside" });
  }
}

export function serveAdmin(network: Network, request: IncomingMessage, response: ServerResponse): void {
  answer(network, request, response).catch((error: unknown) => {
    refuse(response, error);
  });
}
