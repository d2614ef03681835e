// Tests that the shop's phone keeps ringing, on each kind of account: the sidecar is never available.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { waitUntil } from "../simulator/testing/event_recorder.ts";
import type { Presence } from "./testing/simulator_process.ts";
import { ShopHarness, SHOP } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";

interface Kind {
  kind: string;
  account: { name?: string; business?: boolean };
  /** Name with which the sidecar is unavailable after a login. */
  shown: string | null;
}

const KINDS: Kind[] = [
  { kind: "an ordinary account", account: { name: "Coco Loko" }, shown: "Coco Loko" },
  { kind: "a Business account", account: { name: "Coco Loko", business: true }, shown: "Coco Loko" },
  { kind: "an account without a name", account: {}, shown: null },
  { kind: "an account with a number for a name", account: { name: SHOP }, shown: null },
];

for (const { kind, account, shown } of KINDS) {
  describe(`the phone of ${kind}`, { timeout: 60_000 }, () => {
    let shop: ShopHarness;

    before(async () => {
      shop = await ShopHarness.open([{ number: ANA }], account);
      await shop.pair();
    });

    after(() => {
      shop.close();
    });

    async function device(): Promise<Presence["devices"][number] | undefined> {
      const { devices, rings } = await shop.simulator.presence(SHOP);
      assert.equal(rings, true);
      return devices[0];
    }

    it("rings after a login and after a text", async () => {
      await shop.send(ANA, "A1");
      const presence = shown === null ? null : "unavailable";
      assert.deepEqual(await device(), { device: 1, presence, name: shown, available_count: 0 });
    });

    it("rings after the account's data have changed", async () => {
      await shop.simulator.post("dirty", { number: SHOP });
      await shop.simulator.post("pre-keys-low", { number: SHOP, count: 1 });
      await waitUntil(() => shop.vault.credentials?.includes("lastAccountSyncTimestamp") === true);
      // WhatsApp reads in order: it has read a presence of that change before it acknowledges this.
      await shop.send(ANA, "B1");
      assert.equal((await device())?.available_count, 0);
    });

    it("rings after a copy from the phone with another name", async () => {
      await shop.simulator.post("account", { number: SHOP, name: "Açaí do Zé" });
      await shop.simulator.post("account/send", { number: SHOP, to: ANA, text: "Já vai" });
      await waitUntil(async () => (await device())?.name === "Açaí do Zé");
      assert.deepEqual(await device(), {
        device: 1,
        presence: "unavailable",
        name: "Açaí do Zé",
        available_count: 0,
      });
    });

    it("rings after the next login, with the name that was learned", async () => {
      await shop.host.ask("disconnect", {});
      await shop.closed();
      await shop.logIn();
      await waitUntil(async () => (await device())?.presence === "unavailable");
      assert.deepEqual([(await device())?.name, (await device())?.available_count], ["Açaí do Zé", 0]);
    });
  });
}
