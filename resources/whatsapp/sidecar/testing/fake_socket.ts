// Fake Baileys socket for tests, which only passes on the events it is given.
import { EventEmitter } from "node:events";
import { initAuthCreds, type AuthenticationCreds, type BinaryNode, type WASocket } from "baileys";
import type { Receipt, ReceiptRecorder } from "../messages/receipt_batcher.ts";
import type { Events } from "../protocol/events.ts";
import type { Wire } from "../protocol/wire.ts";
import { Connection } from "../session/connection.ts";
import { CredentialSaver } from "../session/credential_saver.ts";

export type EmittedEvent = [name: string, params: Events[keyof Events] & { generation: number }];

export interface PendingReceipt {
  receipt: Receipt;
  answer: () => void;
  refuse: () => void;
}

export class FakeSocket {
  readonly ev = new EventEmitter();
  readonly ws = new EventEmitter();
  readonly sent: BinaryNode[] = [];
  readonly emitted: EmittedEvent[] = [];
  readonly saved: string[] = [];
  /** In the order of the requests; each waits until it is answered or refused. */
  readonly pendingReceipts: PendingReceipt[] = [];
  readonly receipts: ReceiptRecorder;
  readonly wire: Wire;
  readonly connection: Connection;
  ended = 0;
  /** Presences that were sent, each with the account's name of that moment. */
  readonly presences: [type: string, name: string | undefined][] = [];
  /** Receipts for messages: chat, author, ids, type. */
  readonly receiptsSent: unknown[][] = [];
  refusesReceipts = false;
  /** Numbers that Baileys has stored for account ids. */
  readonly numberByLid = new Map<string, string>();
  readonly queries: { xmlns: string | undefined; patienceMs: number }[] = [];
  /** Numbers for which a pairing code was requested. */
  readonly pairingCodeNumbers: string[] = [];
  /** Number of queries for the time lock. */
  timeLockQueries = 0;
  /** WhatsApp's answer about new chats; without it there is no answer. */
  cap: object | undefined;
  /** Settle the pending query. */
  answerQuery: (answer: BinaryNode | undefined) => void = () => undefined;
  refuseQuery: (error: Error) => void = () => undefined;
  /** Answers the next save; until then it is in flight. */
  saveNow: () => void = () => undefined;

  constructor(generation: number) {
    const creds = initAuthCreds();
    const record = (receipt: Receipt): Promise<boolean> =>
      new Promise((resolve) => {
        const [answer, refuse] = [resolve.bind(null, true), resolve.bind(null, false)];
        this.pendingReceipts.push({ receipt, answer, refuse });
      });
    this.receipts = { record };
    const request = (_: string, params: { credentials: string }): Promise<unknown> =>
      new Promise((resolve) => {
        this.saved.push(params.credentials);
        this.saveNow = (): void => {
          resolve({});
        };
      });
    this.wire = { request, emit: (...event: EmittedEvent) => this.emitted.push(event) } as unknown as Wire;
    const sock = {
      ev: this.ev,
      ws: this.ws,
      authState: { creds },
      query: ({ attrs }: BinaryNode, patienceMs: number): Promise<BinaryNode | undefined> => {
        this.queries.push({ xmlns: attrs["xmlns"], patienceMs });
        return new Promise((resolve, reject) => {
          this.answerQuery = resolve;
          this.refuseQuery = reject;
        });
      },
      requestPairingCode: (number: string, own?: string): Promise<string> => {
        this.pairingCodeNumbers.push(number);
        creds.pairingCode = own ?? `ABCD123${this.pairingCodeNumbers.length}`;
        creds.me = { id: `${number}@s.whatsapp.net` };
        return Promise.resolve(creds.pairingCode);
      },
      ...this.#accountCalls(creds),
      ...this.#messageCalls(),
      end: () => Promise.resolve((this.ended += 1)),
    };
    const saves = new CredentialSaver(this.wire);
    this.connection = new Connection(generation, 1000, sock as unknown as WASocket, creds, this.wire, saves);
  }

  #messageCalls(): object {
    const getPNForLID = (lid: string): Promise<string | null> =>
      Promise.resolve(this.numberByLid.get(lid) ?? null);
    return {
      sendNode: (node: BinaryNode) => Promise.resolve(this.sent.push(node)),
      signalRepository: { lidMapping: { getPNForLID } },
      sendReceipt: (...receipt: unknown[]) =>
        this.refusesReceipts ? Promise.reject(new Error()) : Promise.resolve(this.receiptsSent.push(receipt)),
    };
  }

  #accountCalls(creds: AuthenticationCreds): object {
    return {
      sendPresenceUpdate: (type: string) => Promise.resolve(this.presences.push([type, creds.me?.name])),
      fetchAccountReachoutTimelock: () => Promise.resolve((this.timeLockQueries += 1)),
      fetchNewChatMessageCap: () => (this.cap ? Promise.resolve(this.cap) : Promise.reject(new Error())),
    };
  }
}

/** Runs all callbacks that wait for no outside event. */
export function nextTick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
