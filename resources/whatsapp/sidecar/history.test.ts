// Tests of the chats that the shop's phone pushes at linking, with the real sidecar process.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { deflateSync } from "node:zlib";
import { proto } from "baileys";
import { ShopHarness } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";
const STRANGER = "+5573999990002";
const SECRET_TEXT = "segredo da Ana";
const SECRET_NAME = "Ana do Segredo";

describe("a pushed history", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  afterEach(() => {
    shop.close();
  });

  /** Opens a shop whose phone has a chat with Ana, and links it in a time lock. */
  async function linked(history: string, fault?: string): Promise<void> {
    shop = await ShopHarness.open([{ number: ANA, name: SECRET_NAME }, { number: STRANGER }]);
    const { simulator } = shop;
    await simulator.post("account/chat", { with: ANA, token: true, text: SECRET_TEXT });
    await simulator.post("options", { history });
    await simulator.post("account/time-lock", { active: true });
    if (fault !== undefined) await simulator.fault(fault);
    await shop.pair();
  }

  async function noticed(count: number): Promise<void> {
    const limit = AbortSignal.timeout(10_000);
    while (shop.vault.notices.size < count) {
      limit.throwIfAborted();
      await setTimeout(10);
    }
  }

  async function sends(id: string, number = ANA): Promise<unknown> {
    const answer = await shop.send(number, id);
    return answer.outcome === "rejected" ? answer.code : answer.outcome;
  }

  it("lets a regular be reached in a time lock, and no stranger", async () => {
    await linked("both");
    await noticed(2);
    assert.equal(await sends("BEFORE"), 463);
    assert.deepEqual(await shop.host.readHistories(), ["read", "read"]);
    assert.equal(await sends("AFTER"), "accepted");
    await shop.receipt("AFTER", "read");
    assert.equal(await sends("STRANGER", STRANGER), 463);
    const lid = await shop.simulator.lidOf(ANA);
    const pair = { number: ANA, lid, username: null, live: false };
    assert.deepEqual(
      await shop.host.next("mapping", (one) => one["lid"] === lid && one["live"] === false),
      pair,
    );
    assert.ok(shop.vault.keys.has(`lid-mapping/${String(lid.split("@")[0])}_reverse`));
    assert.ok(shop.vault.keys.has("tctoken/__nct_salt"));
    assert.match(String(shop.vault.keys.get(`tctoken/${lid}`)), /"timestamp":"\d{10}"/);
  });

  it("signs messages to strangers, and only those, where the network takes that", async () => {
    await linked("both");
    await noticed(2);
    await shop.host.readHistories();
    assert.equal(await sends("UNSIGNED", STRANGER), 463);
    await shop.simulator.post("options", { cstoken: true });
    assert.equal(await sends("SIGNED", STRANGER), "accepted");
    assert.equal(await sends("TOKEN"), "accepted");
    assert.equal(await shop.simulator.tokenOf("SIGNED"), "cstoken");
    assert.equal(await shop.simulator.tokenOf("TOKEN"), "tctoken");
    await shop.receipt("SIGNED", "read");
  });

  it("signs a message where the customer's token has expired", async () => {
    shop = await ShopHarness.open([{ number: ANA }]);
    const age = 40 * 24 * 60 * 60;
    await shop.simulator.post("account/chat", { with: ANA, token: true, token_age_s: age, disappears_s: 90 });
    await shop.simulator.post("options", { history: "inline", cstoken: true });
    await shop.pair();
    await noticed(1);
    await shop.host.readHistories();
    await shop.simulator.post("account/time-lock", { active: true });
    assert.equal(await sends("EXPIRED"), "accepted");
    assert.equal(await shop.simulator.tokenOf("EXPIRED"), "cstoken");
    const kept = shop.vault.keys.get(`tctoken/${await shop.simulator.lidOf(ANA)}`) ?? "";
    assert.match(kept, /"token":\{"type":"Buffer","data":".{20,}"\}/);
    const timer = await shop.host.next("chat timer");
    assert.deepEqual([timer["number"], timer["seconds"]], [ANA, 90]);
    assert.ok(Math.abs(Number(timer["at"]) - Date.now()) < 60_000);
  });

  it("leaves no text and no name of a contact behind", async () => {
    await linked("both");
    await noticed(2);
    await shop.host.readHistories();
    const lines = [shop.output.errors, shop.output.stdoutLines, ...shop.vault.keys.values()];
    const decoded = lines
      .map((line) => `${line}${Buffer.from(line, "base64").toString("latin1")}`)
      .join("\n");
    assert.ok(!decoded.includes(SECRET_TEXT) && !decoded.includes(SECRET_NAME));
  });

  it("is read at the next start when the sidecar is killed after the notice", async () => {
    await linked("media");
    await noticed(1);
    await shop.simulator.fault("media_silent");
    void shop.host.readHistories();
    await shop.simulator.waitForDownload();
    await shop.killSidecar();
    await shop.logIn();
    assert.deepEqual(await shop.host.readHistories(), ["read"]);
    assert.equal(await sends("KILLED"), "accepted");
  });

  it("comes again when the sidecar is killed before its notice is kept", async () => {
    shop = await ShopHarness.open([{ number: ANA }]);
    await shop.pair();
    await shop.simulator.post("account/chat", { with: ANA, token: true });
    shop.host.unanswered.add("history_notice");
    await shop.simulator.post("account/history", {});
    await shop.host.next("history_notice");
    await shop.killSidecar();
    await shop.logIn();
    await noticed(1);
    assert.deepEqual(await shop.host.readHistories(), ["read"]);
    await shop.simulator.post("account/time-lock", { active: true });
    assert.equal(await sends("AGAIN"), "accepted");
  });

  for (const fault of ["media_silent", "media_cut", "media_spoiled"])
    it(`is read by a later try after ${fault}`, async () => {
      await linked("media", fault);
      await noticed(1);
      assert.deepEqual(await shop.host.readHistories(), ["failed"]);
      assert.equal(await sends("UNREAD"), 463);
      assert.deepEqual(await shop.host.readHistories(), ["read"]);
      assert.equal(await sends("READ"), "accepted");
    });

  for (const fault of ["media_error", "media_endless", "history_bomb"])
    it(`is given up after ${fault}, and the sidecar lives on`, async () => {
      await linked("media", fault);
      await noticed(1);
      assert.deepEqual(await shop.host.readHistories(), ["unusable"]);
      assert.equal(await sends("GIVENUP"), 463);
      await shop.simulator.post("account/time-lock", { active: false });
      assert.equal(await sends("ALIVE"), "accepted");
    });

  it("is not taken from anybody but the shop's own phone", async () => {
    await linked("off");
    const historySyncNotification = { syncType: 0, initialHistBootstrapInlinePayload: deflateSync("") };
    const message = proto.Message.encode({ protocolMessage: { historySyncNotification } }).finish();
    const raw = Buffer.from(message).toString("base64");
    await shop.simulator.post("inbound", { number: ANA, raw, attrs: { category: "peer" } });
    await shop.simulator.post("inbound", { number: ANA, text: "oi", id: "LATER" });
    await shop.host.next("inbound", (one) => one["message_id"] === "LATER");
    assert.equal(shop.vault.notices.size, 0);
  });

  it("is refused while no connection is open", async () => {
    await linked("inline");
    await noticed(1);
    await shop.host.ask("disconnect", {});
    await assert.rejects(shop.host.readHistories(), { message: "read_history failed with 1003" });
  });
});
