// Tests that each of the shop's own devices gets its copy of a message as soon as it is linked, and none afterwards.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ShopHarness, SHOP } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";

describe("the shop's own devices", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([{ number: ANA }]);
    await shop.pair();
    assert.equal((await shop.send(ANA, "CACHED")).outcome, "accepted");
  });

  after(() => {
    shop.close();
  });

  it("get a copy from the moment they are linked, and no more once they are unlinked", async () => {
    const { device } = (await shop.simulator.post("account/device", { number: SHOP })) as { device: number };
    assert.equal((await shop.send(ANA, "LINKED")).outcome, "accepted");
    await shop.simulator.waitForBubble(SHOP, "LINKED", device);
    await shop.simulator.post("account/unlink", { device });
    assert.equal((await shop.send(ANA, "UNLINKED")).outcome, "accepted");
    await shop.receipt("UNLINKED", "read");
    assert.equal(await shop.simulator.strays(), 0);
  });

  it("are counted again after a change that came while the sidecar was away", async () => {
    await shop.host.ask("disconnect", {});
    await shop.closed();
    const { device } = (await shop.simulator.post("account/device", { number: SHOP })) as { device: number };
    await shop.logIn();
    await shop.host.state(shop.generation, "drained");
    assert.equal((await shop.send(ANA, "WHILEAWAY")).outcome, "accepted");
    await shop.simulator.waitForBubble(SHOP, "WHILEAWAY", device);
  });
});
