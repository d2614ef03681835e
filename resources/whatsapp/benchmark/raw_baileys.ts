// Baseline of the benchmark: sends texts through Baileys alone, keys in memory, each after the ack of the one before.
import { createInterface } from "node:readline";
import { Browsers, initAuthCreds, makeWASocket, type BinaryNode, type WASocket } from "baileys";
import { pino } from "pino";
import { MemoryCache } from "../simulator/testing/memory_cache.ts";
import { MemoryKeys } from "../simulator/testing/memory_keys.ts";

interface Round {
  readonly name: string;
  readonly jids: readonly string[];
  readonly texts: readonly string[];
}

const [url, admin, number] = process.argv.slice(2);
const creds = initAuthCreds();
const keys = new MemoryKeys();
const devices = new MemoryCache();
const texts = new Map<string, string>();
const ackListeners = new Map<string, () => void>();

/** Baileys and libsignal write to stdout, which is reserved for the figures. */
const write = process.stdout.write.bind(process.stdout);
const print = (message: object): void => {
  write(`${JSON.stringify(message)}\n`);
};
process.stdout.write = () => true;

function connected(): Promise<WASocket> {
  const sock = makeWASocket({
    waWebSocketUrl: url ?? "",
    auth: { creds, keys },
    logger: pino({ level: "silent" }),
    browser: Browsers.windows("Chrome"),
    emitOwnEvents: false,
    markOnlineOnConnect: false,
    syncFullHistory: false,
    shouldSyncHistoryMessage: () => false,
    userDevicesCache: devices,
    getMessage: ({ id }) => Promise.resolve({ extendedTextMessage: { text: texts.get(id ?? "") ?? null } }),
  });
  sock.ev.on("creds.update", (update) => Object.assign(creds, update));
  sock.ws.on("CB:ack,class:message", ({ attrs }: BinaryNode) => ackListeners.get(attrs["id"] ?? "")?.());
  return new Promise((resolve, reject) => {
    sock.ev.on("connection.update", ({ connection, qr }) => {
      if (qr !== undefined) scan(qr).catch(reject);
      if (connection === "open") resolve(sock);
      if (connection === "close") connected().then(resolve, reject);
    });
  });
}

async function scan(qr: string): Promise<void> {
  await fetch(`${admin ?? ""}/scan`, { method: "POST", body: JSON.stringify({ number, qr }) });
}

async function send(sock: WASocket, messageId: string, jid: string, text: string): Promise<void> {
  texts.set(messageId, text);
  const acked = new Promise<void>((resolve) => ackListeners.set(messageId, resolve));
  await sock.sendMessage(jid, { text, linkPreview: null }, { messageId });
  await acked;
  ackListeners.delete(messageId);
}

async function runRound(sock: WASocket, { name, jids, texts: roundTexts }: Round): Promise<void> {
  const [began, cpu] = [performance.now(), process.cpuUsage()];
  for (const [position, text] of roundTexts.entries()) {
    const jid = jids[position % jids.length] ?? "";
    await send(sock, `3EB0${name}${position.toString(16).padStart(8, "0").toUpperCase()}`, jid, text);
  }
  const { user, system } = process.cpuUsage(cpu);
  print({ seconds: (performance.now() - began) / 1000, cpu_ms: (user + system) / 1000 });
}

const sock = await connected();
print({ open: true });
for await (const line of createInterface({ input: process.stdin })) {
  await runRound(sock, JSON.parse(line) as Round);
}
process.exit(0);
