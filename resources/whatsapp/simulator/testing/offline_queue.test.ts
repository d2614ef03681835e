// Tests of what waits for a program: how it comes, when its end is said, and which answers settle a post.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout } from "node:timers/promises";
import type { BinaryNode } from "baileys";
import { openSimulator } from "./simulator_harness.ts";

const ANA = "+5573988880001";
const shop = await openSimulator();
const { admin } = shop;
const program = await shop.linked();
await shop.customer(ANA);

async function waiting(): Promise<number> {
  const { devices } = await admin.get<{ devices: { waiting?: number }[] }>("devices");
  return devices.reduce((sum, device) => sum + (device.waiting ?? 0), 0);
}

async function until(fits: () => boolean): Promise<void> {
  const end = performance.now() + 5000;
  while (!fits() && performance.now() < end) await setTimeout(5);
  assert.ok(fits());
}

/** Resolves when the server has taken all that the program sent before. */
async function taken(): Promise<void> {
  const attrs = { to: "s.whatsapp.net", type: "get", xmlns: "w:p" };
  await program.socket.query({ tag: "iq", attrs, content: [{ tag: "ping", attrs: {} }] });
}

/** Logs in, with the times at which offline stanzas came. */
async function logIn(): Promise<{ came: number[]; ended: () => boolean }> {
  const came: number[] = [];
  let ended = false;
  program.connect();
  program.socket.ws.on("CB:message", ({ attrs }: BinaryNode) => {
    if (attrs["offline"] !== undefined) came.push(performance.now());
  });
  program.socket.ws.on("CB:ib,,offline", () => (ended = true));
  await program.events.next("open");
  return { came, ended: () => ended };
}

test("what waited comes one after the other, and its end may stay unsaid", async () => {
  await program.disconnect();
  await admin.post("options", { offline_gap_ms: 100 });
  for (const id of ["W1", "W2", "W3"]) await admin.post("inbound", { number: ANA, text: id, id });
  await shop.fault("lose_offline_end");
  const { came, ended } = await logIn();
  await until(() => came.length === 3);
  const [first = 0, second = 0, third = 0] = came;
  assert.ok(second - first >= 95 && third - second >= 95, came.join());
  await admin.post("options", { offline_gap_ms: 0 });
  await program.disconnect();
  assert.equal(ended(), false);
  assert.equal((await logIn()).ended(), true);
});

test("a post is settled by an answer to its chat that names its author", async () => {
  await program.disconnect();
  for (const place of ["group", "newsletter"])
    await admin.post("inbound", { number: ANA, text: "promoção", id: `P-${place}`, place });
  program.connect();
  const posts: BinaryNode[] = [];
  program.socket.ws.removeAllListeners("CB:message");
  program.socket.ws.on("CB:message", (node: BinaryNode) => posts.push(node));
  await program.events.next("open");
  await until(() => posts.length === 2);
  const { socket } = program;
  const [{ attrs: group }, { attrs: channel }] = posts as [BinaryNode, BinaryNode];
  const before = await waiting();
  await socket.sendReceipt(group["from"] ?? "", undefined, ["P-group"], undefined);
  await socket.sendReceipt(channel["from"] ?? "", undefined, ["P-newsletter"], undefined);
  await taken();
  assert.equal(await waiting(), before);
  await socket.sendReceipt(group["from"] ?? "", group["participant"], ["P-group"], undefined);
  const ack = { id: "P-newsletter", class: "message", to: channel["from"] ?? "" };
  await socket.sendNode({ tag: "ack", attrs: ack });
  await taken();
  assert.equal(await waiting(), before - 2);
});
