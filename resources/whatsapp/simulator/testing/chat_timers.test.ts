// Tests of disappearing messages: those of the phones into such a chat, and the phones' word about ours.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { proto } from "baileys";
import { waitUntil } from "./event_recorder.ts";
import { openSimulator } from "./simulator_harness.ts";

const { EPHEMERAL_SETTING } = proto.Message.ProtocolMessage.Type;
const ANA = "+5573988880001";
const DAY = 86_400;

const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
const ana = await shop.customer(ANA);

async function setTimer(fields: object): Promise<void> {
  assert.equal((await admin.post("chat-timer", { number: ANA, ...fields })).status, 200);
}

async function shown(id: string): Promise<[number, boolean] | undefined> {
  const bubble = (await admin.inbox(ANA)).find((one) => one.id === id);
  return bubble && [bubble.expiration, bubble.stays];
}

for (const by of ["customer", "shop"]) {
  test(`the ${by}'s phone tells the program of a timer, and no timer`, async () => {
    for (const seconds of [DAY, 0]) {
      await setTimer({ seconds, by });
      const { message } = await program.events.next<{ message: proto.IWebMessageInfo }>(
        "message",
        (one: { message: proto.IWebMessageInfo }) => Boolean(one.message.message?.protocolMessage),
      );
      const { type, ephemeralExpiration } = message.message?.protocolMessage ?? {};
      assert.deepEqual([type, ephemeralExpiration], [EPHEMERAL_SETTING, seconds]);
      assert.equal(message.key?.remoteJid, ana);
    }
  });
}

test("what a phone writes into a chat with a timer carries it", async () => {
  await setTimer({ seconds: DAY, told: false });
  for (const kind of ["text", "image"]) {
    await admin.post("inbound", { number: ANA, kind, text: "Oi", id: `IN-${kind}` });
    const { message } = await program.message(`IN-${kind}`);
    const { extendedTextMessage, imageMessage } = message.message ?? {};
    assert.equal((extendedTextMessage ?? imageMessage)?.contextInfo?.expiration, DAY);
  }
  await admin.post("account/send", { to: ANA, text: "Oi", id: "OUT" });
  const { message } = await program.message("OUT");
  assert.equal(message.message?.extendedTextMessage?.contextInfo?.expiration, DAY);
});

test("the phone says of a message without the chat's timer that it stays", async () => {
  await program.send(ana, "Pronto!", "A1");
  await waitUntil(async () => (await shown("A1")) !== undefined);
  assert.deepEqual(await shown("A1"), [0, true]);
  await setTimer({ seconds: 0 });
  await program.send(ana, "Pronto!", "A2");
  await waitUntil(async () => (await shown("A2")) !== undefined);
  assert.deepEqual(await shown("A2"), [0, false]);
});
