// Tests that accounts are found by each of their numbers and addresses, and by no other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lidJid } from "../stream/jids.ts";
import { World } from "./world.ts";

test("a customer registered without the ninth digit has one address", () => {
  const world = new World("w");
  const contact = world.addContact({ number: "+5573988880001", registered_as: "+557388880001" });
  assert.equal(world.byNumber("+5573988880001"), contact);
  assert.equal(world.byNumber("+557388880001"), contact);
  assert.equal(world.byJid("557388880001@s.whatsapp.net"), contact);
  assert.equal(world.byJid(lidJid(contact.lidUser)), contact);
  assert.equal(world.byJid("5573988880001@s.whatsapp.net"), undefined);
});

test("without being told, the number as given is the registered one", () => {
  const world = new World("w");
  const contact = world.addContact({ number: "+5573988880001" });
  assert.equal(contact.user, "5573988880001");
  assert.equal(world.byNumber("+557388880001"), contact);
});

test("naming a customer again updates only the given fields", () => {
  const world = new World("w");
  world.addContact({ number: "+5573988880001", registered_as: "+557388880001", name: "Ana", companions: 1 });
  const contact = world.addContact({ number: "+5573988880001", mode: "strict" });
  assert.equal(contact.user, "557388880001");
  assert.deepEqual([contact.name, contact.mode, contact.devices.length], ["Ana", "strict", 2]);
});

test("the same seed gives the same hidden ids, another seed others", () => {
  const lidOf = (seed: string): string => new World(seed).addContact({ number: "+5573988880001" }).lidUser;
  assert.equal(lidOf("a"), lidOf("a"));
  assert.notEqual(lidOf("a"), lidOf("b"));
});

test("an address of a device that is not there leads nowhere", () => {
  const world = new World("w");
  world.addContact({ number: "+5573988880001", companions: 1 });
  world.addContact({ number: "+5573988880002", exists: false });
  assert.equal(world.deviceAt("5573988880001:1@s.whatsapp.net")?.id, 1);
  assert.equal(world.deviceAt("5573988880001:2@s.whatsapp.net"), undefined);
  assert.equal(world.deviceAt("5573988880002@s.whatsapp.net"), undefined);
});

test("three thousand customers have no keys before they are written to", () => {
  const world = new World("s");
  for (let subscriber = 80_000_000; subscriber < 80_003_000; subscriber += 1) {
    world.addContact({ number: `+55719${subscriber}`, companions: 2 });
  }
  const devices = world.contacts.flatMap((contact) => contact.devices);
  assert.equal(devices.length, 9000);
  assert.equal(
    devices.some(({ hasKeys }) => hasKeys),
    false,
  );
  devices[0]?.keys.takeBundle();
  assert.equal(devices.filter(({ hasKeys }) => hasKeys).length, 1);
});
