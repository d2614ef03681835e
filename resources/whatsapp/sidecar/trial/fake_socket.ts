// Is a socket for tests that only passes on the events it is given.
import { EventEmitter } from "node:events";
import { initAuthCreds, type BinaryNode, type WASocket } from "baileys";
import type { News } from "../protocol/news.ts";
import type { Wire } from "../protocol/wire.ts";
import { Connection } from "../session/connection.ts";
import { CredentialSaves } from "../session/credential_saves.ts";

export type Told = [subject: string, news: News[keyof News] & { generation: number }];

export class FakeSocket {
  readonly ev = new EventEmitter();
  readonly ws = new EventEmitter();
  readonly sent: BinaryNode[] = [];
  readonly told: Told[] = [];
  readonly saved: string[] = [];
  readonly connection: Connection;
  ended = 0;
  /** Answers the next save; until then it is in flight. */
  saveNow: () => void = () => undefined;

  constructor(generation: number) {
    const creds = initAuthCreds();
    const ask = (_question: string, { credentials }: { credentials: string }): Promise<unknown> => {
      this.saved.push(credentials);
      return new Promise((resolve) => {
        this.saveNow = () => {
          resolve({});
        };
      });
    };
    const tell = (...told: Told): number => this.told.push(told);
    const wire = { ask, tell } as unknown as Wire;
    const sock = {
      ev: this.ev,
      ws: this.ws,
      authState: { creds },
      sendNode: (node: BinaryNode) => Promise.resolve(this.sent.push(node)),
      end: () => Promise.resolve((this.ended += 1)),
    };
    const saves = new CredentialSaves(wire);
    this.connection = new Connection(generation, 1000, sock as unknown as WASocket, creds, wire, saves);
  }
}

/** Lets everything that waits for nothing outside run. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
