// Tests of the real sidecar process with the real Baileys when all goes well.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { privateKeysIn } from "./testing/private_keys.ts";
import { jidOf, SHOP, ShopHarness } from "./testing/shop_harness.ts";

const CUSTOMERS = Array.from({ length: 20 }, (_, index) => `+55739999900${String(index + 10)}`);
const FIRST = "+5573999990010";
const COMPANION = "+5573988880001";
const OLD_FORM = "+557388880002";
const NEW_FORM = "+5573988880002";

describe("the sidecar on the simulated WhatsApp", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([
      ...CUSTOMERS.map((number) => ({ number, mode: "strict" })),
      { number: COMPANION, companions: 1 },
      { number: NEW_FORM, registered_as: OLD_FORM },
    ]);
  });

  after(() => {
    shop.close();
  });

  it("emits a QR text, pairs by a scan, closes with 515 after saving", async () => {
    await shop.connect();
    const { text, lives_ms } = await shop.host.next("qr");
    assert.equal(lives_ms, 60_000);
    await shop.simulator.post("scan", { number: SHOP, qr: text });
    const { account } = await shop.host.state(shop.generation, "paired");
    assert.equal((account as { jid: string }).jid, jidOf(SHOP));
    assert.equal(await shop.closed(), 515);
    assert.equal(shop.vault.account?.jid, jidOf(SHOP));
  });

  it("opens with the saved credentials and emits when it is drained", async () => {
    await shop.logIn();
    await shop.host.state(shop.generation, "drained");
    const states = shop.host.received.filter(({ params }) => params["generation"] === shop.generation);
    assert.equal(states[0]?.params["state"], "connecting");
    assert.ok([...shop.vault.keys.keys()].some((key) => key.startsWith("pre-key/")));
  });

  it("sends twenty texts, each shown once, accepted, delivered and read", async () => {
    for (const [index, number] of CUSTOMERS.entries()) {
      const id = `3EB0${String(index).padStart(18, "0")}`;
      assert.equal((await shop.send(number, id)).outcome, "accepted");
      await Promise.all([shop.receipt(id, "delivered"), shop.receipt(id, "read")]);
      const bubbles = await shop.simulator.inbox(number);
      assert.deepEqual(
        bubbles.map((bubble) => [bubble.id, bubble.text, bubble.shown, bubble.wire]),
        [[id, `Pedido ${id} pronto`, 1, 1]],
      );
    }
  });

  it("writes the keys of a text to a known customer in one transaction", async () => {
    const before = shop.vault.keySets.length;
    assert.equal((await shop.send(FIRST, "WARM")).outcome, "accepted");
    const sets = shop.vault.keySets.slice(before);
    assert.equal(sets.length, 1);
    assert.equal(
      sets[0]?.every((key) => key.startsWith("session/")),
      true,
    );
  });

  it("finds a number in the form WhatsApp knows, with its LID, or not at all", async () => {
    const found = await shop.host.ask("find_numbers", { customers: [[NEW_FORM, OLD_FORM]] });
    assert.equal(found.outcome, "answered");
    const [accounts] = found.answers;
    assert.deepEqual(
      accounts?.map(({ jid }) => jid),
      [jidOf(OLD_FORM)],
    );
    assert.match(accounts[0]?.lid ?? "", /^\d+@lid$/);
    assert.deepEqual(await shop.host.ask("find_numbers", { customers: [["+5573977770000"]] }), {
      outcome: "answered",
      answers: [[]],
    });
  });

  it("hands over a customer's message live, with number and name", async () => {
    await shop.simulator.post("inbound", { number: FIRST, text: "Cadê meu açaí?", id: "IN1" });
    const told = await shop.host.next("inbound", (one) => one["message_id"] === "IN1");
    assert.deepEqual(
      [told["kind"], told["text"], told["number"], told["jid"], told["live"]],
      ["text", "Cadê meu açaí?", FIRST, jidOf(FIRST), true],
    );
  });

  it("finds the number behind a LID", async () => {
    await shop.simulator.post("options", { messages_as: "lid" });
    await shop.simulator.post("inbound", { number: FIRST, text: "Oi", id: "IN2" });
    const told = await shop.host.next("inbound", (one) => one["message_id"] === "IN2");
    assert.deepEqual([told["number"], told["jid"]], [FIRST, jidOf(FIRST)]);
    assert.match(String(told["lid"]), /^\d+@lid$/);
    await shop.simulator.post("options", { messages_as: "pn" });
  });

  it("issues a customer a privacy token once, not with every text", async () => {
    const issued = (): number =>
      [...shop.vault.keys.keys()].filter((key) => key.startsWith("tctoken/")).length;
    while (issued() < CUSTOMERS.length) await new Promise(setImmediate);
    const asked = await shop.simulator.iqCount();
    assert.equal((await shop.send(FIRST, "TOKEN2")).outcome, "accepted");
    await shop.receipt("TOKEN2", "read");
    assert.equal(await shop.simulator.iqCount(), asked);
  });

  it("matches receipts that come from a LID", async () => {
    await shop.simulator.post("options", { receipts_as: "lid" });
    assert.equal((await shop.send(FIRST, "BYLID")).outcome, "accepted");
    await shop.receipt("BYLID", "read");
    await shop.simulator.post("options", { receipts_as: "pn" });
  });

  it("resends under the same id a text that a phone could not read", async () => {
    await shop.simulator.fault("lose_session", { number: FIRST });
    assert.equal((await shop.send(FIRST, "AGAIN")).outcome, "accepted");
    await shop.receipt("AGAIN", "retry");
    await shop.receipt("AGAIN", "read");
    const bubble = (await shop.simulator.inbox(FIRST)).find(({ id }) => id === "AGAIN");
    assert.deepEqual([bubble?.text, bubble?.shown, bubble?.wire], ["Pedido AGAIN pronto", 1, 2]);
  });

  it("opens after a restart without pairing, and keeps offline messages", async () => {
    assert.equal(await shop.restartSidecar(), 0);
    await shop.simulator.post("inbound", { number: FIRST, text: "Ainda aberto?", id: "IN3" });
    await shop.logIn();
    const told = await shop.host.next("inbound", (one) => one["message_id"] === "IN3");
    assert.deepEqual([told["text"], told["live"]], ["Ainda aberto?", false]);
    await shop.host.state(shop.generation, "drained");
    assert.equal(
      shop.host.received.some(({ name }) => name === "qr"),
      false,
    );
    assert.equal((await shop.send(FIRST, "RESTARTED")).outcome, "accepted");
    await shop.receipt("RESTARTED", "read");
  });

  it("gives a companion device the text of before the restart", async () => {
    await shop.simulator.post("contacts", { contacts: [{ number: COMPANION, online: false }] });
    assert.equal((await shop.send(COMPANION, "OLD")).outcome, "accepted");
    assert.equal(await shop.restartSidecar(), 0);
    await shop.logIn();
    await shop.simulator.fault("lose_session", { number: COMPANION, times: 2 });
    await shop.simulator.post("contacts", { contacts: [{ number: COMPANION, online: true }] });
    await shop.receipt("OLD", "read");
    assert.deepEqual([...new Set(shop.vault.requestedTextIds)], ["OLD"]);
    await Promise.all([0, 1].map((device) => shop.simulator.waitForBubble(COMPANION, "OLD", device)));
  });

  it("makes new sessions when asked, and the next text is read", async () => {
    await shop.host.ask("refresh_session", { jids: [jidOf(FIRST)] });
    assert.equal((await shop.send(FIRST, "REFRESHED")).outcome, "accepted");
    await shop.receipt("REFRESHED", "read");
    assert.deepEqual(shop.levels("REFRESHED").includes("retry"), false);
  });

  it("closes without a code when Python ends it, and exits with its stdin", async () => {
    await shop.host.ask("disconnect", {});
    assert.equal(await shop.closed(), null);
    assert.equal(await shop.host.stop(), 0);
  });

  it("never let a private key, a text or a number out of its place", () => {
    const { stdoutLines: said, errors } = shop.output;
    assert.doesNotMatch(errors, /\d{8,}|Pedido|@/);
    assert.doesNotMatch(said, /Pedido/);
    const secrets = privateKeysIn(shop.vault);
    assert.ok(secrets.length > 800);
    assert.deepEqual(
      secrets.filter((secret) => said.includes(secret) || errors.includes(secret)),
      [],
    );
  });
});
