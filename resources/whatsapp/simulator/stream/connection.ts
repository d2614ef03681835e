// One client connection: bytes in, handshake, then nodes in and out, in order.
import { decodeBinaryNode, encodeBinaryNode } from "baileys";
import type { WebSocket } from "ws";
import type { ServerIdentity } from "../noise/certificate.ts";
import { Handshake, type HandshakeResult } from "../noise/handshake.ts";
import type { TransportCipher } from "../noise/transport_cipher.ts";
import { frame, FrameSplitter } from "./frame_splitter.ts";
import type { Node } from "./nodes.ts";

export interface ConnectionListener {
  handshakeFinished(connection: Connection, greeting: HandshakeResult): void;
  received(connection: Connection, node: Node): void | Promise<void>;
  closed(connection: Connection): void;
}

/** Mute: stanzas of both sides wait. Half open: reading stops. Silent: the server reads all and writes no more. */
export type LineState = "flowing" | "mute" | "half_open" | "silent";

export class Connection {
  readonly #socket: WebSocket;
  readonly #listener: ConnectionListener;
  readonly #handshake: Handshake;
  readonly #splitter = new FrameSplitter();
  #helloAnswered = false;
  #cipher: TransportCipher | undefined;
  #lastReceived: Promise<void> = Promise.resolve();
  #silent = false;
  /** Stanzas of both sides wait here in order while the network is mute. */
  #pausedSteps: (() => void)[] | undefined;

  constructor(socket: WebSocket, identity: ServerIdentity, listener: ConnectionListener) {
    this.#socket = socket;
    this.#listener = listener;
    this.#handshake = new Handshake(identity);
    socket.on("message", (chunk: Buffer) => {
      this.#whenFlowing(() => {
        this.#read(chunk);
      });
    });
    socket.on("close", () => {
      this.#pausedSteps = undefined;
      listener.closed(this);
    });
    socket.on("error", () => {
      this.drop();
    });
  }

  /** The routing bytes that the client put before its intro. */
  get routing(): Buffer {
    return this.#splitter.routing;
  }

  send(node: Node): void {
    this.#whenFlowing(() => {
      if (this.#cipher && !this.#silent) {
        this.#write(this.#cipher.seal(encodeBinaryNode(node)));
      }
    });
  }

  /** Closes after all stanzas sent so far have left. */
  end(): void {
    this.#whenFlowing(() => {
      this.#socket.close();
    });
  }

  /** Cuts the line, as a broken network does. */
  drop(): void {
    this.#socket.terminate();
  }

  setLine(state: LineState): void {
    this.#silent = state === "silent";
    if (state === "half_open") {
      this.#socket.pause();
    } else {
      this.#socket.resume();
    }
    if (state === "mute" || state === "half_open") {
      this.#pausedSteps ??= [];
    } else {
      this.#release();
    }
  }

  #release(): void {
    const waiting = this.#pausedSteps ?? [];
    this.#pausedSteps = undefined;
    for (const step of waiting) {
      step();
    }
  }

  #whenFlowing(step: () => void): void {
    if (this.#pausedSteps) {
      this.#pausedSteps.push(step);
    } else {
      step();
    }
  }

  #write(body: Uint8Array): void {
    if (this.#socket.readyState === this.#socket.OPEN && !this.#silent) {
      this.#socket.send(frame(body));
    }
  }

  #read(chunk: Uint8Array): void {
    try {
      for (const body of this.#splitter.push(chunk)) {
        this.#readFrame(body);
      }
    } catch {
      this.drop();
    }
  }

  #readFrame(body: Buffer): void {
    if (this.#cipher) {
      const plaintext = this.#cipher.open(body);
      this.#lastReceived = this.#lastReceived
        .then(async () => {
          await this.#listener.received(this, await decodeBinaryNode(plaintext));
        })
        .catch(() => {
          this.drop();
        });
    } else if (this.#helloAnswered) {
      const greeting = this.#handshake.finish(body);
      this.#cipher = greeting.cipher;
      this.#listener.handshakeFinished(this, greeting);
    } else {
      this.#write(this.#handshake.answerHello(body));
      this.#helloAnswered = true;
    }
  }
}
