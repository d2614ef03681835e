// Tests that a customer's message is marked as read: for the customer where the account allows it, and on the shop's phone.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { jidOf, ShopHarness, SHOP } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";
const BIA = "+5573999990002";

describe("a customer's message that was read at the counter", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([{ number: ANA }, { number: BIA, hidden: true }]);
    await shop.pair();
  });

  after(() => {
    shop.close();
  });

  async function written(number: string, id: string): Promise<Record<string, unknown>> {
    await shop.simulator.post("inbound", { number, text: `Oi ${id}`, id });
    return shop.host.next("inbound", (one) => String(one["text"]) === `Oi ${id}`);
  }

  async function marks(count: number): Promise<unknown[]> {
    const limit = AbortSignal.timeout(10_000);
    for (;;) {
      const found = await shop.simulator.readMarks(SHOP);
      if (found.length >= count) return found.map(({ number, id, type }) => [number, id, type]);
      limit.throwIfAborted();
    }
  }

  it("is marked for the customer, several in one receipt", async () => {
    await written(ANA, "FIRST");
    await written(ANA, "SECOND");
    await shop.host.ask("mark_read", { jid: jidOf(ANA), message_ids: ["FIRST", "SECOND"] });
    assert.deepEqual(await marks(2), [
      [ANA, "FIRST", "read"],
      [ANA, "SECOND", "read"],
    ]);
  });

  it("is marked under the hidden id, and under the odd id with which it came", async () => {
    const told = await written(BIA, "an odd id");
    await shop.host.ask("mark_read", { jid: String(told["jid"]), message_ids: [String(told["message_id"])] });
    assert.deepEqual((await marks(3))[2], [BIA, "an odd id", "read"]);
  });

  it("is marked after a restart, by the address that Python gives", async () => {
    await shop.restartSidecar();
    await shop.logIn();
    await shop.host.ask("mark_read", { jid: jidOf(ANA), message_ids: ["SECOND"] });
    assert.deepEqual((await marks(4))[3], [ANA, "SECOND", "read"]);
  });

  it("is marked for the shop's phone alone from the moment the account's read receipts are off", async () => {
    await shop.simulator.post("account", { number: SHOP, read_receipts: false });
    await written(ANA, "PRIVATE");
    await shop.host.ask("mark_read", { jid: jidOf(ANA), message_ids: ["PRIVATE"] });
    assert.deepEqual((await marks(5))[4], [ANA, "PRIVATE", "read-self"]);
  });

  it("is not marked without a connection", async () => {
    await shop.host.ask("disconnect", {});
    await shop.closed();
    const asked = shop.host.ask("mark_read", { jid: jidOf(ANA), message_ids: ["PRIVATE"] });
    await assert.rejects(asked, /1003/);
  });
});
