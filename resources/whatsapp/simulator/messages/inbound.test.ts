// Tests that a customer's text is encrypted with the keys that the linked device published.
import "../console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { Curve, signedKeyPair } from "baileys";
import { makeServerIdentity } from "../noise/certificate.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import { Network } from "../world/network.ts";
import { sendToShop } from "./inbound.ts";

function shopWith(preKeys: number) {
  const network = new Network("n", makeServerIdentity());
  const account = network.world.addAccount("+5573999990000", {});
  const identity = Curve.generateKeyPair();
  const { keyPair, signature, keyId } = signedKeyPair(identity, 1);
  const device = new LinkedDevice(account, account.nextDevice(), {
    noiseKey: Curve.generateKeyPair().public,
    identity: identity.public,
    registrationId: 1,
    signedPreKey: { id: keyId, public: keyPair.public, signature },
    system: "",
  });
  device.storePreKeys(
    Array.from({ length: preKeys }, (_, id) => ({ id: id + 1, public: Curve.generateKeyPair().public })),
  );
  account.linkedDevices.set(device.id, device);
  const customer = network.world.addContact({ number: "+5573988880001" });
  const write = (id: string): Promise<void> =>
    sendToShop(network, {
      customer,
      account,
      id,
      place: "chat",
      content: { kind: "text", text: "Oi", target: {} },
    });
  return { device, write };
}

test("a conversation uses one published pre-key at its first message only", async () => {
  const { device, write } = shopWith(20);
  await write("A");
  await write("B");
  assert.equal(device.preKeyCount, 19);
  assert.deepEqual(
    device.unacknowledged().map(({ tag, attrs }) => [tag, attrs["id"]]),
    [
      ["message", "A"],
      ["message", "B"],
    ],
  );
});

test("a device whose pre-keys run low is notified of the number left", async () => {
  const { device, write } = shopWith(5);
  await write("A");
  const [notification] = device.unacknowledged();
  assert.equal(notification?.attrs["type"], "encrypt");
  assert.deepEqual(notification.content, [{ tag: "count", attrs: { value: "4" } }]);
});

test("a device that has run out of pre-keys can still be written to", async () => {
  const { device, write } = shopWith(0);
  await write("A");
  assert.equal(
    device.unacknowledged().some(({ tag }) => tag === "message"),
    true,
  );
});
