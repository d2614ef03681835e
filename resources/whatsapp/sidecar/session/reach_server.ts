// Looks whether the server takes a TCP connection, which costs WhatsApp no login.
import { lookup } from "node:dns";
import { connect, type LookupFunction } from "node:net";

const TLS_PORT = 443;
const PLAIN_PORT = 80;

export class ServerReach {
  readonly #lookup: LookupFunction;
  #resolving = 0;

  constructor(resolve: LookupFunction = lookup) {
    this.#lookup = resolve;
  }

  /** A name that is still being resolved for an earlier look is not asked for again: each holds a thread of Node's. */
  reach(address: string, timeoutMs: number): Promise<boolean> {
    if (this.#resolving > 0) return Promise.resolve(false);
    const { hostname, port, protocol } = new URL(address);
    return new Promise((resolve) => {
      const socket = connect({
        host: hostname.replace(/^\[|\]$/g, ""),
        port: port === "" ? (protocol === "wss:" ? TLS_PORT : PLAIN_PORT) : Number(port),
        lookup: this.#countedLookup,
      });
      const settle = (reachable: boolean): void => {
        socket.destroy();
        resolve(reachable);
      };
      socket.setTimeout(timeoutMs, () => {
        settle(false);
      });
      socket.once("connect", () => {
        settle(true);
      });
      socket.once("error", () => {
        settle(false);
      });
    });
  }

  readonly #countedLookup: LookupFunction = (hostname, options, done) => {
    this.#resolving += 1;
    this.#lookup(hostname, options, (...answer) => {
      this.#resolving -= 1;
      done(...answer);
    });
  };
}
