// Tests that a text of ours disappears with its chat: timers are told before WhatsApp forgets them, and sent.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ShopHarness } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";
const DAY = 86_400;

describe("the timer of a chat", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([{ number: ANA, companions: 1 }]);
    await shop.pair();
  });

  after(() => {
    shop.close();
  });

  async function setTimer(fields: object): Promise<void> {
    await shop.simulator.post("chat-timer", { number: ANA, ...fields });
  }

  async function told(seconds: number): Promise<Record<string, unknown>> {
    const timer = await shop.host.next("chat timer", (one) => one["seconds"] === seconds);
    shop.host.received.length = 0;
    return timer;
  }

  async function shown(id: string, device = 0): Promise<unknown[]> {
    await shop.simulator.waitForBubble(ANA, id, device);
    const bubble = (await shop.simulator.inbox(ANA, device)).find((one) => one.id === id);
    return [bubble?.expiration, bubble?.stays];
  }

  it("is told when either phone sets it, and when a message carries it", async () => {
    await setTimer({ seconds: DAY });
    const { number, lid, at } = await told(DAY);
    assert.deepEqual([number, typeof lid], [ANA, "string"]);
    assert.ok(Math.abs(Number(at) - Date.now()) < 60_000);
    await setTimer({ seconds: 0, by: "shop" });
    await told(0);
    await setTimer({ seconds: 7 * DAY, told: false });
    await shop.simulator.post("inbound", { number: ANA, text: "Oi", id: "IN" });
    await shop.host.next("inbound", (one) => one["message_id"] === "IN");
    await told(7 * DAY);
    await setTimer({ seconds: DAY, told: false });
    await shop.simulator.post("account/send", { to: ANA, text: "Oi", id: "OUT" });
    await told(DAY);
  });

  it("is on the wire with the text, and with the answer to a phone that asks again", async () => {
    await shop.send(ANA, "PLAIN");
    assert.deepEqual(await shown("PLAIN"), [0, true]);
    shop.vault.expirationS = DAY;
    await shop.simulator.fault("lose_session", { number: ANA, device: 1 });
    await shop.send(ANA, "TIMED", { expiration_s: DAY });
    assert.deepEqual(await shown("TIMED"), [DAY, false]);
    assert.deepEqual(await shown("TIMED", 1), [DAY, false]);
  });

  it("comes again when the sidecar is killed before Python has it", async () => {
    shop.host.unanswered.add("chat_timers");
    await setTimer({ seconds: 7 * DAY });
    await told(7 * DAY);
    await shop.killSidecar();
    await shop.logIn();
    await told(7 * DAY);
  });
});
