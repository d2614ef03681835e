// Tests of the order in which an inbound message, its record and its ratchet follow each other.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addTransactionCapability,
  makeCacheableSignalKeyStore,
  proto,
  type BinaryNode,
  type SignalKeyStore,
  type SocketConfig,
} from "baileys";
import { log } from "../log.ts";
import type { Wire } from "../protocol/wire.ts";
import type { Connection } from "../session/connection.ts";
import { steadyClock } from "../steady_clock.ts";
import { InboundReceiver } from "./inbound_receiver.ts";

const LID = "4711@lid";
const PADDING = Buffer.of(1);

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** A store on the far side of the wire: each question takes a while. */
function slowStore(written: string[]): SignalKeyStore {
  return {
    get: async () => {
      await pause(5);
      return {};
    },
    set: async (changes) => {
      await pause(20);
      written.push(...Object.keys(changes));
    },
  };
}

test("a message is recorded before its ratchet while the pair of another writer is being saved", async () => {
  const done: string[] = [];
  const wire = {
    request: (method: string) => Promise.resolve(done.push(method)),
    emit: () => undefined,
  } as unknown as Wire;
  const receiver = new InboundReceiver(wire, steadyClock, () => null);
  const keys = addTransactionCapability(
    makeCacheableSignalKeyStore(receiver.wrapKeys(slowStore(done)), log),
    log,
    { maxCommitRetries: 1, delayBetweenTriesMs: 1 },
  );
  const lidMapping = {
    getPNForLID: async (lid: string) => (await keys.get("lid-mapping", [lid]))[lid] ?? null,
  };
  const plain = Buffer.concat([proto.Message.encode({ conversation: "PARAR" }).finish(), PADDING]);
  const make = (() => ({
    lidMapping,
    decryptMessage: async () => {
      await keys.set({ session: { [LID]: Buffer.of(1) } });
      return plain;
    },
  })) as unknown as SocketConfig["makeSignalRepository"];
  const repository = receiver.wrapRepository(make)({ creds: {}, keys } as never, log);
  let receive: (node: BinaryNode, pass: () => void) => void = () => undefined;
  const me = { id: "5573988880000:1@s.whatsapp.net", lid: "1:1@lid" };
  receiver.watch({
    creds: { me },
    sock: { authState: { creds: { me } }, signalRepository: { lidMapping } },
    on: () => undefined,
    onStanza: () => undefined,
    onFinished: () => undefined,
    emit: () => undefined,
    interceptStanza: (_: string, listener: typeof receive) => (receive = listener),
  } as unknown as Connection);
  const ciphertext = Buffer.of(7);
  const enc = { tag: "enc", attrs: { type: "msg" }, content: ciphertext };
  receive(
    { tag: "message", attrs: { from: LID, id: "M", t: "1760000000" }, content: [enc] },
    () => undefined,
  );

  const saving = keys.transaction(
    () => keys.set({ "lid-mapping": { a: "b" } }) as Promise<void>,
    "lid-mapping",
  );
  await pause(1);
  const startedAt = steadyClock.now();
  await repository.decryptMessage({ jid: LID, type: "msg", ciphertext });
  await saving;
  assert.deepEqual(done, ["lid-mapping", "inbound", "session"]);
  assert.ok(steadyClock.now() - startedAt < 5000);
});
