// Tests of the answers about numbers: each repeats the number as it was asked, in whichever spelling.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { getBinaryNodeChild, getBinaryNodeChildren, type BinaryNode } from "baileys";
import { openSimulator } from "./simulator_harness.ts";

const shop = await openSimulator();
const program = await shop.linked();
await shop.customer("+557388880001");

type Found = [jid: string | undefined, type: string | undefined, asked: string | undefined];

async function ask(users: BinaryNode[]): Promise<Found[]> {
  const content: BinaryNode[] = [
    { tag: "query", attrs: {}, content: [{ tag: "contact", attrs: {} }] },
    { tag: "list", attrs: {}, content: users },
  ];
  const usync = { tag: "usync", attrs: { sid: "1", mode: "query", context: "interactive" }, content };
  const iq = { tag: "iq", attrs: { to: "s.whatsapp.net", type: "get", xmlns: "usync" }, content: [usync] };
  const answer = (await program.socket.query(iq)) as BinaryNode;
  const list = getBinaryNodeChild(getBinaryNodeChild(answer, "usync"), "list");
  return getBinaryNodeChildren(list, "user").map((user) => {
    const contact = getBinaryNodeChild(user, "contact");
    const asked =
      contact?.content instanceof Uint8Array ? Buffer.from(contact.content).toString() : undefined;
    return [user.attrs["jid"], contact?.attrs["type"], asked];
  });
}

const byNumber = (text: string): BinaryNode => {
  return { tag: "user", attrs: {}, content: [{ tag: "contact", attrs: {}, content: Buffer.from(text) }] };
};

test("an answer repeats the number as it was asked, and names the account's own address", async () => {
  const spellings = ["+5573988880001", "5573988880001@c.us", "+557388880001", "557388880001@c.us"];
  assert.deepEqual(
    await ask(spellings.map(byNumber)),
    spellings.map((asked) => ["557388880001@s.whatsapp.net", "in", asked]),
  );
});

test("a number without an account is repeated too", async () => {
  assert.deepEqual(await ask([byNumber("5573977770001@c.us")]), [
    ["5573977770001@s.whatsapp.net", "out", "5573977770001@c.us"],
  ]);
});

test("an older address is answered under today's", async () => {
  assert.deepEqual(await ask([{ tag: "user", attrs: { jid: "557388880001@c.us" } }]), [
    ["557388880001@s.whatsapp.net", "in", undefined],
  ]);
  await program.disconnect();
});
