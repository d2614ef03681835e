// Tests of the real sidecar process: no message key is used twice, whenever the process is killed (K8).
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { jidOf, SHOP, ShopHarness } from "./testing/shop_harness.ts";

// Baileys makes new sessions with first devices itself whenever a new process asks for them; not with companions.
const COMPANION = 1;
const SLOW_DISK_MS = 400;

describe("the sidecar and its message keys", { timeout: 120_000 }, () => {
  let shop: ShopHarness;
  let ownCompanion: number;
  let customers = 0;

  before(async () => {
    shop = await ShopHarness.open([]);
    await shop.pair();
    const { device } = (await shop.simulator.post("account/device", { number: SHOP })) as { device: number };
    ownCompanion = device;
  });

  after(() => {
    shop.close();
  });

  /** Adds a customer with a phone and a companion, both of which have read one text. */
  async function customer(): Promise<string> {
    customers += 1;
    const number = `+557399999${String(customers).padStart(4, "0")}`;
    await shop.simulator.post("contacts", { contacts: [{ number, mode: "strict", companions: COMPANION }] });
    assert.equal((await shop.send(number, `FIRST${customers}`)).outcome, "accepted");
    await shop.simulator.waitForBubble(number, `FIRST${customers}`, COMPANION);
    return number;
  }

  /** The text is on the wire and its ratchets are not on the disk. */
  async function killedWhileSending(number: string, id: string): Promise<void> {
    shop.host.unanswered.add("keys.set");
    void shop.send(number, id);
    await shop.simulator.waitForStanza(id);
    await shop.killSidecar();
    await shop.logIn();
  }

  async function usesNoneTwice(send: () => Promise<unknown>): Promise<void> {
    const before = await shop.simulator.keysReused();
    await send();
    assert.equal(await shop.simulator.keysReused(), before);
  }

  it("uses keys twice after a kill without new sessions (server's count)", async () => {
    const ana = await customer();
    await killedWhileSending(ana, "NOTRENEWED");
    const before = await shop.simulator.keysReused();
    await shop.send(ana, "NOTRENEWED");
    assert.equal(await shop.simulator.keysReused(), before + 2);
  });

  it("uses no key twice after a kill and new sessions", async () => {
    const ana = await customer();
    await killedWhileSending(ana, "RENEWED");
    await shop.host.ask("refresh_session", { jids: [jidOf(ana)] });
    await usesNoneTwice(async () => {
      assert.equal((await shop.send(ana, "RENEWED")).outcome, "accepted");
    });
  });

  for (const [fault, code] of [
    ["usync_error", 429],
    ["usync_error", 0],
    ["no_bundle", 404],
  ] as const) {
    it(`uses none twice where new sessions are not to be had, ${fault} ${code}`, async () => {
      const ana = await customer();
      const id = `${fault}.${code}`;
      await killedWhileSending(ana, id);
      // Baileys asks for new sessions with a phone by itself, and then for all devices.
      await shop.simulator.fault(fault, { code, number: ana, times: fault === "no_bundle" ? 2 : 1 });
      await shop.host.ask("refresh_session", { jids: [jidOf(ana)] });
      await usesNoneTwice(async () => {
        assert.equal((await shop.send(ana, id)).outcome, "accepted");
      });
    });
  }

  it("uses no key twice with a companion that only a notice named", async () => {
    const ana = await customer();
    await shop.simulator.post("contact/devices", { number: ana, companions: 2 });
    assert.equal((await shop.send(ana, "TOLDBYNOTICE")).outcome, "accepted");
    await shop.simulator.waitForBubble(ana, "TOLDBYNOTICE", COMPANION + 1);
    await killedWhileSending(ana, "BEHINDNOTICE");
    await shop.simulator.fault("usync_error", { code: 429, number: ana, times: 1 });
    await shop.host.ask("refresh_session", { jids: [jidOf(ana)] });
    await usesNoneTwice(async () => {
      assert.equal((await shop.send(ana, "BEHINDNOTICE")).outcome, "accepted");
    });
  });

  it("reads a customer's message in a session that was closed", async () => {
    const ana = await customer();
    await shop.simulator.fault("no_bundle", { number: ana, times: 2 });
    await shop.host.ask("refresh_session", { jids: [jidOf(ana)] });
    await shop.simulator.post("inbound", { number: ana, text: "Obrigada", id: "INCLOSED" });
    const heard = await shop.host.next("inbound", (one) => one["message_id"] === "INCLOSED");
    assert.equal(heard["text"], "Obrigada");
  });

  it("refuses new sessions when the shop's own devices are not listed", async () => {
    const [ana, bia] = [await customer(), await customer()];
    await killedWhileSending(ana, "OWNUNKNOWN");
    await shop.simulator.fault("usync_error", { number: SHOP, code: 0 });
    await assert.rejects(shop.host.ask("refresh_session", { jids: [jidOf(ana)] }));
    await shop.host.ask("refresh_session", { jids: [jidOf(ana)] });
    await usesNoneTwice(() => shop.send(bia, "AFTEROWNUNKNOWN"));
  });

  for (const asks of ["customer", "shop"] as const) {
    it(`uses none twice after a kill behind the answer to a retry receipt, ${asks}`, async () => {
      const ana = await customer();
      const [number, device] = asks === "shop" ? [SHOP, ownCompanion] : [ana, COMPANION];
      await shop.simulator.fault("lose_session", { number, device });
      shop.host.delayMs.set("keys.set", SLOW_DISK_MS);
      void shop.send(ana, `ASKED${asks}`);
      await shop.simulator.waitForBubble(number, `ASKED${asks}`, device);
      await shop.killSidecar();
      await shop.logIn();
      await usesNoneTwice(async () => {
        assert.equal((await shop.send(ana, `AFTER${asks}`)).outcome, "accepted");
      });
    });
  }
});
