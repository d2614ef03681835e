// Tests of the presence: no update of the credentials makes Baileys send one without a type.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import type { AuthenticationCreds } from "baileys";
import { FakeSocket } from "../testing/fake_socket.ts";
import { watchPresence } from "./presence.ts";

const ID = "5573999990000:1@s.whatsapp.net";
let fake: FakeSocket;
let creds: AuthenticationCreds;
/** Names that made Baileys send a presence without a type. */
let typeless: (string | undefined)[];

beforeEach(() => {
  fake = new FakeSocket(7);
  ({ creds } = fake.connection);
  typeless = [];
  // As Baileys' own listener does.
  fake.ev.on("creds.update", (update: Partial<AuthenticationCreds>) => {
    if (creds.me?.name !== update.me?.name) typeless.push(update.me?.name);
    Object.assign(creds, update);
  });
  watchPresence(fake.connection);
});

const logIn = (display_name: string): void => {
  fake.ws.emit("CB:success", { tag: "success", attrs: { display_name } });
};

it("keeps the account's name when an update has no account", () => {
  creds.me = { id: ID, name: "Coco Loko" };
  fake.ev.emit("creds.update", { nextPreKeyId: 32 });
  assert.deepEqual([typeless, creds.me.name, creds.nextPreKeyId], [[], "Coco Loko", 32]);
});

it("leaves an update alone before there is an account", () => {
  fake.ev.emit("creds.update", { nextPreKeyId: 32 });
  assert.deepEqual([typeless, creds.me, creds.nextPreKeyId], [[], undefined, 32]);
});

it("takes the name of a pairing without a presence", () => {
  fake.ev.emit("creds.update", { me: { id: ID, name: "Coco Loko" } });
  assert.deepEqual([typeless, creds.me?.name, fake.presences], [[], "Coco Loko", []]);
});

it("forgets the placeholder name of a pairing code", () => {
  creds.me = { id: ID, name: "~" };
  fake.ev.emit("creds.update", { me: { id: ID } });
  assert.deepEqual([typeless, creds.me.name], [[], undefined]);
});

it("says unavailable with each name that is learned while open", () => {
  creds.me = { id: ID };
  fake.connection.isOpen = true;
  for (const name of ["Coco Loko", "Coco Loko", "Coco Loko Açaí"]) {
    fake.ev.emit("creds.update", { me: { id: ID, name } });
  }
  assert.deepEqual(typeless, []);
  assert.deepEqual(fake.presences, [
    ["unavailable", "Coco Loko"],
    ["unavailable", "Coco Loko Açaí"],
  ]);
});

it("takes the display name of a login when no name is known", () => {
  creds.me = { id: ID };
  logIn("Coco Loko");
  assert.equal(creds.me.name, "Coco Loko");
  logIn("Outro");
  assert.equal(creds.me.name, "Coco Loko");
});

it("takes no telephone number for a name", () => {
  creds.me = { id: ID };
  fake.connection.isOpen = true;
  for (const number of ["5573999990000", "+55 73 99999-0000", "+55∙∙∙∙∙∙∙00", ""]) {
    logIn(number);
    fake.ev.emit("creds.update", { me: { id: ID, name: number } });
  }
  assert.deepEqual([typeless, creds.me.name, fake.presences], [[], undefined, []]);
});
