// Tests of signing messages to customers without a usable privacy token.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import { isTcTokenExpired } from "baileys/lib/Utils/tc-token-utils.js";
import { MemoryKeys } from "../../simulator/testing/memory_keys.ts";
import { isUsable, NCT_SALT, signMessage } from "./cs_token.ts";
import { gateKeys, runWithGate, type SendGate } from "./send_gate.ts";

const ANA = "4711@lid";
const SALT = Buffer.from("the account's salt");
const SIGNATURE = createHmac("sha256", SALT).update(ANA).digest();
const now = Math.floor(Date.now() / 1000);

async function salted(): Promise<MemoryKeys> {
  const keys = new MemoryKeys();
  await keys.set({ tctoken: { [NCT_SALT]: { token: SALT } } });
  return keys;
}

test("a token is usable by the same rule as in Baileys", () => {
  const week = 7 * 24 * 60 * 60;
  for (const age of [
    0,
    week,
    2 * week,
    3 * week,
    3 * week + (now % week),
    3 * week + (now % week) + 60,
    4 * week,
  ]) {
    const timestamp = String(now - age);
    assert.equal(isUsable({ token: SALT, timestamp }, now), !isTcTokenExpired(timestamp), `${age}`);
  }
  assert.equal(isUsable({ token: Buffer.alloc(0), timestamp: String(now) }, now), false);
  assert.equal(isUsable({ token: SALT }, now), false);
  assert.equal(isUsable(undefined, now), false);
});

test("a message is signed for the account id alone, without the device", async () => {
  const keys = await salted();
  for (const jid of [ANA, "4711:3@lid"])
    assert.deepEqual((await signMessage(keys, jid, undefined))?.content, SIGNATURE);
});

test("nothing is signed beside a usable token, for a number, or without a salt", async () => {
  const usable = { token: SALT, timestamp: String(now) };
  assert.equal(await signMessage(await salted(), ANA, usable), null);
  assert.equal(await signMessage(await salted(), "5573988880001@s.whatsapp.net", undefined), null);
  assert.equal(await signMessage(new MemoryKeys(), ANA, undefined), null);
});

test("the gate adds the signature before the message counts as written, once", async () => {
  const keys = await salted();
  const seen: number[] = [];
  const gate: SendGate = {
    additionalNodes: [],
    onEncrypted: () => undefined,
    beforeWrite: () => seen.push(gate.additionalNodes.length),
    onKeySave: () => undefined,
  };
  const gated = gateKeys(keys);
  await runWithGate(gate, async () => {
    await gated.get("tctoken", [ANA]);
    await gated.get("tctoken", [ANA]);
  });
  assert.deepEqual(seen, [1, 1]);
  assert.deepEqual(gate.additionalNodes[0]?.content, SIGNATURE);
  await gated.get("tctoken", [ANA]);
  assert.equal(gate.additionalNodes.length, 1);
});

test("the gate lets a message go unsigned where the salt cannot be read", async () => {
  const keys = await salted();
  let written = false;
  const gate: SendGate = {
    additionalNodes: [],
    onEncrypted: () => undefined,
    beforeWrite: () => (written = true),
    onKeySave: () => undefined,
  };
  const broken = gateKeys({
    get: (type, ids) => (ids.includes(NCT_SALT) ? Promise.reject(new Error("full")) : keys.get(type, ids)),
    set: (changes) => keys.set(changes),
  });
  await runWithGate(gate, async () => {
    await broken.get("tctoken", [ANA]);
  });
  assert.deepEqual([written, gate.additionalNodes.length], [true, 0]);
});
