// Tests of the chats that the phone pushes to a program after its first login.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BaileysEventMap } from "baileys";
import { waitUntil } from "./event_recorder.ts";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const ANA = "+5573988880001";

type History = BaileysEventMap["messaging-history.set"];

test("after its first login a program is given chats, ids and tokens, once", async () => {
  await admin.post("options", { history: "inline" });
  const jid = await shop.customer(ANA, { name: "Ana" });
  await admin.post("privacy-token", { number: ANA });
  const program = await shop.linked({ shouldSyncHistoryMessage: () => true });
  const { chats, contacts } = await program.events.next<History>("history");
  assert.deepEqual(
    chats.map(({ id }) => id),
    [jid],
  );
  assert.equal(contacts[0]?.name, "Ana");
  // Baileys counts only once it has also been answered about the app state.
  await waitUntil(() => program.creds.accountSyncCounter > 0);
  const lid = await program.socket.signalRepository.lidMapping.getLIDForPN(jid);
  assert.match(lid ?? "", /@lid$/);
  await admin.post("account/time-lock", { active: true });
  await program.send(jid, "Pronto", "A1");
  assert.equal((await program.ack("A1"))["error"], undefined);
  await program.disconnect();
  await program.open();
  assert.equal(program.events.has("history"), false);
  await program.disconnect();
});

test("a program that does not want the chats only confirms them", async () => {
  await admin.post("options", { history: "off" });
  const program = await shop.linked();
  assert.equal((await admin.post("account/history")).answer["devices"], 2);
  await waitUntil(async () => {
    const { devices } = await admin.get<{ devices: { online?: boolean; waiting?: number }[] }>("devices");
    return devices.find(({ online }) => online)?.waiting === 0;
  });
  assert.equal(program.events.has("history"), false);
  await program.disconnect();
});
