// Tests of the package facts that the sidecar relies on: version, credentials, kinds of keys.
import "../../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { BufferJSON, initAuthCreds, proto, type AuthenticationCreds, type SignalDataTypeMap } from "baileys";
import baileys from "baileys/package.json" with { type: "json" };
import { openSimulator } from "../../simulator/testing/simulator_harness.ts";
import type { Wire } from "../protocol/wire.ts";
import { accountOf, credentialsText, openCredentials } from "../session/credentials.ts";
import { WireKeyStore } from "../session/key_store.ts";
import { steadyClock } from "../steady_clock.ts";
import { BareBaileys } from "./bare_baileys.ts";

const VERSION = "7.0.0-rc14";
const bytes = Buffer.from([1, 2, 255]);

/** One value of every kind; the compiler refuses this when a kind is new or gone. */
const KINDS: { [Kind in keyof SignalDataTypeMap]: SignalDataTypeMap[Kind] } = {
  "pre-key": { public: bytes, private: bytes },
  session: bytes,
  "sender-key": bytes,
  "sender-key-memory": { "5573988880001@s.whatsapp.net": true },
  "app-state-sync-key": proto.Message.AppStateSyncKeyData.fromObject({ keyData: bytes }),
  "app-state-sync-version": { version: 1, hash: bytes, indexValueMap: {} },
  "lid-mapping": "5573988880001",
  "device-list": ["0", "7"],
  tctoken: { token: bytes, timestamp: "1" },
  "identity-key": bytes,
};

/** Every part of the credentials; the compiler refuses this when one is new or gone. */
const PARTS: Record<keyof AuthenticationCreds, true> = {
  noiseKey: true,
  pairingEphemeralKeyPair: true,
  signedIdentityKey: true,
  signedPreKey: true,
  registrationId: true,
  advSecretKey: true,
  me: true,
  account: true,
  signalIdentities: true,
  myAppStateKeyId: true,
  firstUnuploadedPreKeyId: true,
  nextPreKeyId: true,
  lastAccountSyncTimestamp: true,
  platform: true,
  processedHistoryMessages: true,
  accountSyncCounter: true,
  accountSettings: true,
  registered: true,
  pairingCode: true,
  lastPropHash: true,
  routingInfo: true,
  additionalData: true,
};

test("the version is pinned exactly, to the one these tests were written for", async () => {
  const manifest = JSON.parse(await readFile(new URL("../../package.json", import.meta.url), "utf8")) as {
    dependencies: Record<string, string>;
  };
  assert.equal(
    manifest.dependencies["baileys"],
    VERSION,
    "a range would change the protocol with any install",
  );
  assert.equal(
    baileys.version,
    VERSION,
    "read what the other tests of this folder say about the new version, then change this number",
  );
});

test("a key of every kind comes back from the key store as it went in", async () => {
  const kept = new Map<string, string>();
  const request = (method: string, params: object): Promise<object> => {
    if (method === "keys.get") {
      const { type, ids } = params as { type: string; ids: [string] };
      return Promise.resolve({ values: { [ids[0]]: kept.get(type) } });
    }
    const { changes } = params as { changes: Record<string, Record<string, string>> };
    for (const [type, values] of Object.entries(changes)) kept.set(type, values["1"] ?? "");
    return Promise.resolve({});
  };
  const keys = new WireKeyStore({ request, emit: () => undefined } as unknown as Wire, steadyClock);
  for (const [kind, value] of Object.entries(KINDS)) {
    await keys.set({ [kind]: { "1": value } });
    const found = (await keys.get(kind as keyof SignalDataTypeMap, ["1"]))["1"];
    assert.equal(
      JSON.stringify(found, BufferJSON.replacer),
      JSON.stringify(value, BufferJSON.replacer),
      `key_store.ts must give ${kind} back whole: a lost key is a customer who cannot be written to`,
    );
  }
});

test("a session uses no other kind of key and no other part of credentials", async () => {
  const shop = await openSimulator();
  const program = new BareBaileys(shop);
  await program.pair();
  const ana = await shop.customer("+5573988880001");
  await program.send(ana, "Pronto", "A1");
  await program.receipt("A1");
  await shop.admin.post("inbound", { number: "+5573988880001", text: "Obrigada", id: "A2" });
  await program.arrival("A2");
  await program.disconnect();
  const strange = [...program.keyTypes].filter((type) => !(type in KINDS));
  assert.deepEqual(strange, [], "key_store.ts has not been tried with such keys");
  for (const type of ["pre-key", "session", "lid-mapping", "device-list"]) {
    assert.ok(program.keyTypes.has(type), `the trial of the kinds is worth nothing if ${type} is never used`);
  }
  assert.ok(
    program.keyTypes.has("tctoken"),
    "wire_gate.ts stops a message at the look-up of the tctoken, the last thing before its bytes leave",
  );
  const parts = Object.keys(program.creds).filter((part) => !(part in PARTS));
  assert.deepEqual(parts, [], "credentials.ts must be looked at: it decides what a paired session is");
  assert.equal(
    program.creds.registered,
    false,
    "credentials.ts calls a session paired by me and account, because registered stays false after a QR code",
  );
  assert.deepEqual(
    accountOf(openCredentials(credentialsText(program.creds))),
    accountOf(program.creds),
    "a restart opens the saved credentials as those of the same account",
  );
  assert.ok(accountOf(program.creds));
});

test("credentials that were never paired have no account", () => {
  assert.equal(accountOf(initAuthCreds()), null, "a pairing given up would be taken for a session");
});
