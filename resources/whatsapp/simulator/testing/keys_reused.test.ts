// Tests of a program whose ratchets go back to an older state: the server sees its message keys a second time.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { KeyReuse } from "../world/message_keys.ts";
import { openSimulator, SHOP } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
const ana = await shop.customer("+5573988880001");

async function reuses(): Promise<KeyReuse[]> {
  const { keys_reused } = await admin.get<{ keys_reused: number }>("stats");
  const found = await admin.get<{ reuses: KeyReuse[] }>("keys-reused");
  assert.equal(found.reuses.length, keys_reused);
  return found.reuses;
}

test("texts, repeats of an id and a conversation use each message key once", async () => {
  for (const id of ["A1", "A1", "A2"]) {
    await program.send(ana, "Pronto", id);
    await program.receipt(id, undefined, ana);
  }
  await admin.post("inbound", { number: "+5573988880001", text: "Obrigado", id: "A3" });
  await program.message("A3");
  await program.send(ana, "De nada", "A4");
  await program.receipt("A4");
  assert.deepEqual(await reuses(), []);
});

test("a ratchet set back reuses message keys, the shop's own phone's too", async () => {
  const setBack = program.keys.snapshot();
  await program.send(ana, "um", "B1");
  await program.ack("B1");
  setBack();
  await program.send(ana, "dois", "B2");
  await program.ack("B2");
  const found = await reuses();
  const user = SHOP.slice(1);
  assert.deepEqual(found.map(({ to }) => to).sort(), ["5573988880001:0", `${user}:0`]);
  assert.deepEqual(
    found.map(({ from, first, id }) => [from, first, id]),
    [1, 2].map(() => [`${user}:1`, "B1", "B2"]),
  );
});

test("a refused stanza has used its keys as well", async () => {
  const before = (await reuses()).length;
  const setBack = program.keys.snapshot();
  await shop.fault("nack");
  await program.send(ana, "um", "C1");
  await program.ack("C1");
  setBack();
  await program.send(ana, "dois", "C2");
  await program.ack("C2");
  assert.equal((await reuses()).length, before + 2);
  await program.disconnect();
});
