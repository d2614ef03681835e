// Tests of customers who show a hidden id in place of their number: what Python is told, and that texts reach them.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ShopHarness, jidOf, SHOP } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";
const BIA = "+5573999990002";
const LIA = "+5573999990003";
const RUI = "+5573999990004";
const CAROL = "+5573999990005";

type Fields = Record<string, unknown>;

describe("a customer who hides the number", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([
      { number: ANA, hidden: true, username: "Ana.Acai" },
      { number: BIA, hidden: true },
      { number: LIA, lid_told: false },
      { number: RUI },
      { number: CAROL, hidden: true, username: "5573999990005" },
    ]);
    await shop.pair();
  });

  after(() => {
    shop.close();
  });

  const lidOf = (number: string): Promise<string> => shop.simulator.lidOf(number);

  async function inbound(id: string, number: string, fields: object = {}): Promise<Fields> {
    await shop.simulator.post("inbound", { number, text: `Oi ${id}`, id, ...fields });
    return shop.host.next("inbound", (one) => one["message_id"] === id);
  }

  function mapping(lid: string, matches: (one: Fields) => boolean = () => true): Promise<Fields> {
    return shop.host.next("mapping", (one) => one["lid"] === lid && matches(one));
  }

  it("is handed over by hidden id and username, without a number", async () => {
    const told = await inbound("HIDDEN", ANA);
    const lid = await lidOf(ANA);
    assert.deepEqual(
      [told["kind"], told["jid"], told["number"], told["lid"], told["username"]],
      ["text", lid, null, lid, "ana.acai"],
    );
    const pair = { number: null, lid, username: "ana.acai", live: true };
    assert.deepEqual(await mapping(lid), pair);
  });

  it("has no username where it is malformed or could pass for a number", async () => {
    assert.equal((await inbound("DIGITS", CAROL))["username"], null);
    for (const [index, username] of ["an", "ana\nbia", "4711@lid", "a".repeat(31)].entries())
      assert.equal((await inbound(`NAME${index}`, ANA, { attrs: { username } }))["username"], null);
  });

  it("is written to by hidden id, and the receipts come by the id of the message", async () => {
    const jid = await lidOf(ANA);
    assert.equal((await shop.send(ANA, "BYLID", { jid })).outcome, "accepted");
    await shop.receipt("BYLID", "delivered");
    await shop.receipt("BYLID", "read");
    assert.deepEqual(
      (await shop.simulator.inbox(ANA)).map(({ id, shown }) => [id, shown]),
      [["BYLID", 1]],
    );
    assert.equal((await inbound("ANSWER", ANA))["kind"], "text");
  });

  it("is found by a receipt for a text that went to the number", async () => {
    const found = await shop.host.ask("find_numbers", { customers: [[BIA]] });
    assert.deepEqual(found, {
      outcome: "answered",
      answers: [[{ jid: jidOf(BIA), lid: null, trusted: false }]],
    });
    assert.equal((await shop.send(BIA, "BYNUMBER")).outcome, "accepted");
    const lid = await lidOf(BIA);
    assert.deepEqual(await mapping(lid), { number: BIA, lid, username: null, live: true });
    const told = await inbound("AFTERRECEIPT", BIA);
    assert.deepEqual([told["kind"], told["lid"], told["number"]], ["text", lid, null]);
  });

  it("is found when WhatsApp tells the hidden id late", async () => {
    const customers = [[LIA], [RUI], ["+5573977770000"]];
    const before = await shop.host.ask("find_numbers", { customers });
    const rui = [{ jid: jidOf(RUI), lid: await lidOf(RUI), trusted: false }];
    assert.deepEqual(before, {
      outcome: "answered",
      answers: [[{ jid: jidOf(LIA), lid: null, trusted: false }], rui, []],
    });
    await shop.simulator.post("contacts", { contacts: [{ number: LIA, lid_told: true }] });
    const lid = await lidOf(LIA);
    const after = await shop.host.ask("find_numbers", { customers });
    assert.deepEqual(after, {
      outcome: "answered",
      answers: [[{ jid: jidOf(LIA), lid, trusted: false }], rui, []],
    });
    assert.deepEqual(await mapping(lid), { number: LIA, lid, username: null, live: true });
  });

  it("has a hidden id without device and host, whatever the stanza says", async () => {
    const lid = await lidOf(ANA);
    const user = String(lid.split("@")[0]);
    for (const [id, from] of [
      ["DEVICE", `${user}:7@lid`],
      ["HOSTED", `${user}:99@hosted.lid`],
    ] as const) {
      const told = await inbound(id, ANA, { attrs: { from } });
      assert.deepEqual([told["jid"], told["number"], told["lid"]], [lid, null, lid], id);
    }
    const odd = await inbound("ODD", RUI, { attrs: { sender_lid: "ana@lid" } });
    assert.deepEqual([odd["number"], odd["lid"]], [RUI, null]);
  });

  it("is told under both numbers where one hidden id comes with two", async () => {
    const lid = await lidOf(RUI);
    await inbound("FIRSTNUMBER", RUI);
    const told = await inbound("SECONDNUMBER", LIA, { attrs: { sender_lid: lid } });
    assert.deepEqual([told["number"], told["lid"]], [LIA, lid]);
    await mapping(lid, (one) => one["number"] === RUI);
    await mapping(lid, (one) => one["number"] === LIA);
  });

  it("is another account once the number is registered anew", async () => {
    const former = await lidOf(RUI);
    assert.equal((await shop.send(RUI, "FORMER")).outcome, "accepted");
    await shop.simulator.post("contact/new-account", { number: RUI });
    const lid = await lidOf(RUI);
    assert.notEqual(lid, former);
    const found = await shop.host.ask("find_numbers", { customers: [[RUI]] });
    assert.deepEqual(found, { outcome: "answered", answers: [[{ jid: jidOf(RUI), lid, trusted: false }]] });
    assert.deepEqual(await mapping(lid), { number: RUI, lid, username: null, live: true });
    assert.equal((await shop.send(RUI, "LATTER")).outcome, "accepted");
    await shop.receipt("LATTER", "delivered");
  });

  it("is found in the chats that the phone pushes, which may be out of date", async () => {
    await shop.simulator.post("contacts", { contacts: [{ number: "+5573999990006" }] });
    await shop.simulator.post("privacy-token", { number: "+5573999990006" });
    await shop.simulator.post("account/history", {});
    await shop.host.next("history_notice");
    assert.deepEqual(await shop.host.readHistories(), ["read"]);
    const lid = await lidOf("+5573999990006");
    assert.deepEqual(await mapping(lid), { number: "+5573999990006", lid, username: null, live: false });
  });

  it("is not the shop, whose own phone may write to itself", async () => {
    const own = (await shop.simulator.post("account", { number: SHOP })) as { lid: string };
    for (const [id, from] of [
      ["OWN1", jidOf(SHOP)],
      ["OWN2", own.lid],
    ] as const)
      await shop.simulator.post("inbound", {
        number: LIA,
        text: "PARAR",
        id,
        attrs: { from, sender_lid: own.lid },
      });
    await inbound("AFTEROWN", LIA);
    const { received } = shop.host;
    assert.deepEqual(
      received.filter(({ params }) => String(params["message_id"]).startsWith("OWN")),
      [],
    );
    assert.ok(!received.some(({ name, params }) => name === "mapping" && params["number"] === SHOP));
  });

  it("is told again at the next connection, and never written in a log", async () => {
    const lid = await lidOf(ANA);
    const count = (): number => shop.host.received.filter(({ name }) => name === "mapping").length;
    await inbound("AGAIN1", ANA);
    const before = count();
    await inbound("AGAIN2", ANA);
    assert.equal(count(), before);
    await shop.logIn();
    await inbound("AGAIN3", ANA);
    assert.ok(count() > before);
    for (const number of [ANA, BIA, LIA, RUI]) {
      const user = String((await lidOf(number)).split("@")[0]);
      assert.ok(!shop.output.errors.includes(user));
      assert.ok(!shop.output.errors.includes(number.slice(1)));
    }
    assert.ok(!/ana\.acai/i.test(shop.output.errors));
    assert.ok(!shop.output.errors.includes(lid));
  });
});
