// Tests of sending, with a socket that follows Baileys' path through the gate.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { BinaryNode, proto, SignalKeyStore, SocketConfig } from "baileys";
import { ManualClock } from "../testing/manual_clock.ts";
import type { Connection } from "../session/connection.ts";
import { AckTracker } from "./ack_tracker.ts";
import { sendText } from "./send_text.ts";
import { activeGate, gateKeys, gateRepository, saveKeysInBackground } from "./send_gate.ts";

const CUSTOMER = "5573999990001@s.whatsapp.net";
const PHONE = "5573333330000@s.whatsapp.net";
const ME = "5573333330000:2@s.whatsapp.net";
const PARAMS = {
  jid: CUSTOMER,
  text: "oi",
  message_id: "A",
  not_after: 10_000,
  ack_timeout_ms: 1000,
  noted: false,
  expiration_s: 0,
};

const TOO_LATE = { outcome: "rejected", kind: "too_late", code: null, written: false };

let clock: ManualClock;
let tracker: AckTracker;
let written: string[];
let relayed: { message: proto.IMessage; nodes: string[] }[];
let devices: string[];
let encryptable: (jid: string) => boolean;
let lock: () => Promise<void>;
let beforeDevices: () => Promise<void>;
let beforeToken: () => void;
let afterWrite: () => Promise<void>;
let keysWritten: Promise<void>;
let noted: (messageId: string) => Promise<boolean>;

beforeEach(() => {
  clock = new ManualClock();
  tracker = new AckTracker(clock, () => undefined);
  written = [];
  relayed = [];
  devices = [PHONE, CUSTOMER, ME];
  encryptable = () => true;
  lock = beforeDevices = () => Promise.resolve();
  beforeToken = () => undefined;
  afterWrite = () => Promise.resolve();
  keysWritten = Promise.resolve();
  noted = () => Promise.resolve(true);
});

const make = gateRepository((() => ({
  encryptMessage: ({ jid }: { jid: string }) =>
    encryptable(jid)
      ? Promise.resolve({ type: "msg", ciphertext: Buffer.alloc(1) })
      : Promise.reject(new Error()),
})) as unknown as SocketConfig["makeSignalRepository"]);
const repository = (make as () => ReturnType<typeof make>)();
const keys = gateKeys({ get: () => Promise.resolve({}), set: () => undefined } as SignalKeyStore);

async function relayMessage(
  _jid: string,
  message: proto.IMessage,
  options: { messageId: string; additionalNodes: BinaryNode[] },
): Promise<void> {
  await lock();
  const ciphers = devices.map((jid) => repository.encryptMessage({ jid, data: Buffer.alloc(0) }));
  await Promise.allSettled(ciphers);
  beforeToken();
  await keys.get("tctoken", ["x"]);
  written.push(options.messageId);
  relayed.push({ message, nodes: options.additionalNodes.map(({ tag }) => tag) });
  await afterWrite();
}

function send(params = PARAMS): ReturnType<typeof sendText> {
  const sock = {
    authState: { creds: { me: { id: ME } } },
    getUSyncDevices: () => beforeDevices().then(() => devices.map((jid) => ({ jid }))),
    assertSessions: () => Promise.resolve(true),
    signalRepository: { validateSession: () => Promise.resolve({ exists: true }) },
    relayMessage,
  };
  const connection = { sock, queryTimeoutMs: 5000 } as unknown as Connection;
  return sendText({ connection, tracker, clock, keysWritten: () => keysWritten, noteWrite: noted }, params);
}

async function wasWritten(): Promise<void> {
  while (written.length === 0) await new Promise(setImmediate);
}

async function someTurns(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await new Promise(setImmediate);
}

const accept = (): void => {
  tracker.settleByAck({ messageId: "A", refused: false, code: null, at: 1 });
};

it("is accepted by the server's ack, and only behind its keys on the wire", async () => {
  let done = (): void => undefined;
  let write = (): void => undefined;
  afterWrite = () => new Promise((resolve) => (done = resolve));
  keysWritten = new Promise((resolve) => (write = resolve));
  const word = send();
  await wasWritten();
  accept();
  let told = false;
  void word.then(() => (told = true));
  for (const step of [done, write]) {
    await someTurns();
    assert.equal(told, false);
    step();
  }
  assert.deepEqual(await word, { outcome: "accepted", at: 1 });
});

it("relays the text with its timer, no link preview, and the nodes that the look-up added", async () => {
  beforeToken = () => activeGate()?.additionalNodes.push({ tag: "cstoken", attrs: {} });
  const word = send({ ...PARAMS, text: "https://a.example/ oi", expiration_s: 60 });
  await wasWritten();
  accept();
  await word;
  const [{ message, nodes } = { message: {}, nodes: [] }] = relayed;
  const { contextInfo, ...text } = message.extendedTextMessage ?? {};
  assert.deepEqual([text, contextInfo?.expiration], [{ text: "https://a.example/ oi" }, 60]);
  assert.deepEqual(nodes, ["cstoken"]);
});

it("sends the next text before its keys are on disk, but no receipt of it", async () => {
  let stored = (): void => undefined;
  const disk = saveKeysInBackground({
    get: () => Promise.resolve({}),
    set: () => new Promise<void>((resolve) => (stored = resolve)),
  } as SignalKeyStore);
  let letGo = false;
  afterWrite = async () => {
    await disk.set({});
    letGo = true;
  };
  const word = send();
  await wasWritten();
  accept();
  let receiptTold = false;
  const receipt = tracker.afterKeySave("A", () => Promise.resolve((receiptTold = true)));
  await new Promise(setImmediate);
  assert.deepEqual(await word, { outcome: "accepted", at: 1 });
  assert.deepEqual([letGo, receiptTold], [true, false]);
  stored();
  assert.equal(await receipt, true);
});

it("holds the lock until the disk for all that is no text of ours", async () => {
  let stored = (): void => undefined;
  const disk = saveKeysInBackground({
    get: () => Promise.resolve({}),
    set: () => new Promise<void>((resolve) => (stored = resolve)),
  } as SignalKeyStore);
  let letGo = false;
  const saved = Promise.resolve(disk.set({})).then(() => (letGo = true));
  await new Promise(setImmediate);
  assert.equal(letGo, false);
  stored();
  assert.equal(await saved, true);
});

it("encrypts and writes no byte before Python has noted it", async () => {
  const asked: string[] = [];
  let note: (allowed: boolean) => void = () => undefined;
  noted = (messageId) => {
    asked.push(messageId);
    return new Promise((resolve) => (note = resolve));
  };
  let encrypted = false;
  encryptable = () => (encrypted = true);
  const word = send();
  await someTurns();
  assert.deepEqual([asked, encrypted, written], [["A"], false, []]);
  note(true);
  await wasWritten();
  accept();
  assert.equal((await word).outcome, "accepted");
});

it("does not ask about a message that is noted already", async () => {
  noted = () => Promise.reject(new Error("asked"));
  const word = send({ ...PARAMS, noted: true });
  await wasWritten();
  accept();
  assert.equal((await word).outcome, "accepted");
});

for (const [how, answer] of Object.entries({
  refuses: () => Promise.resolve(false),
  fails: () => Promise.reject(new Error("the disk is full")),
})) {
  it(`leaves a message unwritten when Python ${how} to note it`, async () => {
    noted = answer;
    assert.deepEqual(await send(), {
      outcome: "rejected",
      kind: "not_connected",
      code: null,
      written: false,
    });
    assert.deepEqual(written, []);
  });
}

it("does not begin when it is too late", async () => {
  assert.deepEqual(await send({ ...PARAMS, not_after: 0 }), TOO_LATE);
  assert.deepEqual(written, []);
});

it("stops in front of the write when it has become too late", async () => {
  beforeToken = () => {
    clock.advance(10_000);
  };
  assert.deepEqual(await send(), TOO_LATE);
  assert.deepEqual(written, []);
});

it("is too late while Baileys is busy, and is never written afterwards, not by another try either", async () => {
  const stuck: (() => void)[] = [];
  lock = () => new Promise((resolve) => stuck.push(resolve));
  const first = send();
  while (stuck.length < 1) await new Promise(setImmediate);
  clock.advance(10_000);
  assert.deepEqual(await first, TOO_LATE);
  const second = send({ ...PARAMS, not_after: 20_000 });
  while (stuck.length < 2) await new Promise(setImmediate);
  stuck[0]?.();
  await someTurns();
  assert.deepEqual([written, tracker.isInFlight("A")], [[], true]);
  stuck[1]?.();
  await wasWritten();
  accept();
  assert.equal((await second).outcome, "accepted");
  assert.deepEqual(written, ["A"]);
});

it("asks Python for no leave once it is too late", async () => {
  let answer = (): void => undefined;
  beforeDevices = () => new Promise((resolve) => (answer = resolve));
  let asked = 0;
  noted = () => Promise.resolve((asked += 1) > 0);
  const word = send();
  await new Promise(setImmediate);
  clock.advance(10_000);
  assert.deepEqual(await word, TOO_LATE);
  answer();
  await someTurns();
  assert.deepEqual([asked, written], [0, []]);
});

it("does not write when the customer has no device", async () => {
  devices = [PHONE, ME];
  assert.deepEqual(await send(), { outcome: "rejected", kind: "no_devices", code: null, written: false });
  assert.deepEqual(written, []);
});

it("does not take an unanswered query for an empty answer", async () => {
  devices = [PHONE, ME];
  const word = send();
  clock.advance(5000);
  assert.deepEqual(await word, { outcome: "rejected", kind: "transient", code: null, written: false });
});

it("does not write a stanza without a ciphertext for the customer", async () => {
  encryptable = (jid) => jid !== CUSTOMER;
  assert.deepEqual(await send(), { outcome: "rejected", kind: "no_devices", code: null, written: false });
  assert.deepEqual(written, []);
});

it("does not write when the socket closed while it was prepared", async () => {
  beforeToken = () => {
    tracker.settleOnClose();
  };
  assert.deepEqual(await send(), { outcome: "rejected", kind: "not_connected", code: null, written: false });
  assert.deepEqual(written, []);
});

it("waits for the server's ack when a step fails after the write", async () => {
  afterWrite = () => Promise.reject(new Error("store"));
  const word = send();
  await wasWritten();
  await new Promise(setImmediate);
  accept();
  assert.equal((await word).outcome, "accepted");
});

it("refuses an id that is in flight", async () => {
  const word = send();
  await assert.rejects(send(), { message: "invalid" });
  await wasWritten();
  accept();
  await word;
  assert.deepEqual(written, ["A"]);
});
