// Tests of the presence of linked programs, by which WhatsApp decides whether the shop's phone rings.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BinaryNode } from "baileys";
import { waitUntil } from "./event_recorder.ts";
import { openSimulator } from "./simulator_harness.ts";

interface PresenceAnswer {
  readonly rings: boolean;
  readonly devices: { presence: string | null; name: string | null; available_count: number }[];
}

const shop = await openSimulator();
const program = await shop.linked();

async function presenceAfter(...stanzas: BinaryNode[]): Promise<[boolean, string | null | undefined]> {
  for (const stanza of stanzas) await program.socket.sendNode(stanza);
  // The server reads in order: its answer to this query comes after the presence.
  const query = { to: "s.whatsapp.net", type: "get", xmlns: "w:p" };
  await program.socket.query({ tag: "iq", attrs: query, content: [{ tag: "ping", attrs: {} }] });
  const { rings, devices } = await shop.admin.get<PresenceAnswer>("presence");
  return [rings, devices[0]?.presence];
}

const presence = (attrs: Record<string, string>): BinaryNode => ({ tag: "presence", attrs });

test("a program that is unavailable lets the phone ring", async () => {
  assert.deepEqual(await presenceAfter(presence({ type: "unavailable", name: "Loja" })), [
    true,
    "unavailable",
  ]);
});

test("a presence without a type is read as available and silences the phone", async () => {
  const before = (await shop.admin.get<PresenceAnswer>("presence")).devices[0]?.available_count ?? 0;
  assert.deepEqual(await presenceAfter(presence({ name: "Loja" })), [false, "available"]);
  const { devices } = await shop.admin.get<PresenceAnswer>("presence");
  assert.deepEqual([devices[0]?.name, devices[0]?.available_count], ["Loja", before + 1]);
});

test("the phone rings again when the available program is gone", async () => {
  await presenceAfter(presence({ type: "available" }));
  await program.disconnect();
  await waitUntil(async () => (await shop.admin.get<PresenceAnswer>("presence")).rings);
  const answer = await shop.admin.get<PresenceAnswer>("presence");
  assert.deepEqual([answer.rings, answer.devices[0]?.presence], [true, null]);
});
