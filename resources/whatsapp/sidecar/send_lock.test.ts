// Tests that neither a touched chat nor a missing answer holds up a text or ends the process.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ShopHarness } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";
const ACCEPTED = "accepted";

describe("a text", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([{ number: ANA }]);
    await shop.pair();
    await shop.send(ANA, "FIRST");
  });

  beforeEach(async () => {
    await shop.simulator.post("disarm-all", {});
  });

  after(() => {
    shop.close();
  });

  async function sentWithin(limitMs: number, messageId: string): Promise<void> {
    const startedAt = performance.now();
    assert.equal((await shop.send(ANA, messageId)).outcome, ACCEPTED);
    assert.ok(performance.now() - startedAt < limitMs, `${performance.now() - startedAt} ms`);
  }

  async function waiting(): Promise<number> {
    return shop.simulator.waitingStanzas();
  }

  it("does not wait for the app state when somebody touches a chat on the phone", async () => {
    await shop.simulator.fault("iq_error", { topic: "w:sync:app:state", code: 0, times: -1 });
    await shop.simulator.post("server-sync", {});
    await sentWithin(1000, "SYNCED");
    const limit = AbortSignal.timeout(5000);
    while ((await waiting()) > 0) limit.throwIfAborted();
  });

  for (const type of ["groups", "communities", "account_sync", "syncd_app_state"]) {
    it(`goes after WhatsApp has told of changes: ${type}`, async () => {
      await shop.simulator.fault("iq_error", { topic: "w:g2", times: -1 });
      await shop.simulator.post("dirty", { type });
      await sentWithin(1000, `DIRTY-${type}`);
    });
  }
});
