// Tests of the chats that the phone pushes as a file, and of messages that the account's salt signs.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { createDecipheriv, createHmac } from "node:crypto";
import { test } from "node:test";
import { inflateSync } from "node:zlib";
import { getMediaKeys, proto, type WAMessage } from "baileys";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const { admin } = shop;
const origin = new URL(shop.simulator.admin).origin;
const ANA = "+5573988880001";

type Notice = proto.Message.IHistorySyncNotification;

/** Takes the notices that the phone pushes, in their order. */
async function pushed(program: Awaited<ReturnType<typeof shop.linked>>, count: number): Promise<Notice[]> {
  const notices: Notice[] = [];
  while (notices.length < count) {
    const { message } = await program.events.next<{ message: WAMessage }>("message");
    const notice = message.message?.protocolMessage?.historySyncNotification;
    if (notice) {
      notices.push(notice);
    }
  }
  return notices;
}

async function opened({ mediaKey, directPath }: Notice): Promise<Buffer> {
  const file = Buffer.from(await (await fetch(`${origin}${String(directPath)}`)).arrayBuffer());
  const { iv, cipherKey } = await getMediaKeys(mediaKey, "md-msg-hist");
  const decipher = createDecipheriv("aes-256-cbc", cipherKey, iv);
  return inflateSync(Buffer.concat([decipher.update(file.subarray(0, -10)), decipher.final()]));
}

function saltIn(history: Uint8Array): Buffer {
  return Buffer.from(history.subarray(-32));
}

test("a file holds the chats, with token, timer and text, and the salt is in both notices", async () => {
  await shop.customer(ANA, { name: "Ana" });
  await admin.post("account/chat", {
    with: ANA,
    token: true,
    token_age_s: 60,
    disappears_s: 604_800,
    text: "oi",
  });
  await admin.post("options", { history: "both" });
  const program = await shop.linked();
  const [inline, media] = await pushed(program, 2);
  const first = inflateSync(inline?.initialHistBootstrapInlinePayload ?? Buffer.alloc(0));
  assert.deepEqual(proto.HistorySync.decode(first).conversations, []);
  const history = await opened(media ?? {});
  const chat = proto.HistorySync.decode(history).conversations[0];
  assert.ok(chat);
  assert.equal(chat.tcToken?.length, 16);
  assert.equal(chat.ephemeralExpiration, 604_800);
  assert.equal(chat.messages?.[0]?.message?.message?.conversation, "oi");
  assert.deepEqual(saltIn(history), saltIn(first));
  await program.disconnect();
});

test("a signed message passes a time lock only where the network takes it", async () => {
  await admin.post("options", { history: "inline" });
  const bia = "+5573988880002";
  const jid = await shop.customer(bia);
  const program = await shop.linked();
  const [notice] = await pushed(program, 1);
  const salt = saltIn(inflateSync(notice?.initialHistBootstrapInlinePayload ?? Buffer.alloc(0)));
  const { lid } = await admin.get<{ lid: string }>(
    `contact?${new URLSearchParams({ number: bia }).toString()}`,
  );
  const content = createHmac("sha256", salt).update(lid).digest();
  await admin.post("account/time-lock", { active: true });
  for (const [cstoken, error] of [
    [false, "463"],
    [true, undefined],
  ] as const) {
    await admin.post("options", { cstoken });
    const id = `SIGNED${String(cstoken)}`;
    const message = { conversation: "Pronto" };
    const additionalNodes = [{ tag: "cstoken", attrs: {}, content }];
    await program.socket.relayMessage(jid, message, { messageId: id, additionalNodes });
    assert.equal((await program.ack(id))["error"], error);
  }
  const { messages } = await admin.get<{ messages: { id: string; token: string | null }[] }>("wire");
  assert.deepEqual(
    messages.map(({ id, token }) => [id, token]),
    [["SIGNEDtrue", "cstoken"]],
  );
  await program.disconnect();
});

test("downloads fail in each way that is injected", async () => {
  const path = "mms/none";
  assert.equal((await fetch(`${origin}/${path}`)).status, 404);
  await shop.fault("media_error", { code: 410 });
  assert.equal((await fetch(`${origin}/${path}`)).status, 410);
});
