// Tests of the real sidecar process when WhatsApp refuses, falls silent or goes away.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { ERROR_CODES } from "./protocol/vocabulary.ts";
import { PING_PARAMS, Vault } from "./testing/test_host.ts";
import { jidOf, SHOP, ShopHarness } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";
const BIA = "+5573999990002";
const UNREGISTERED = "+5573999990003";
const STRANGER = "+5573999990004";

describe("the sidecar in trouble", { timeout: 120_000 }, () => {
  let shop: ShopHarness;
  let open = false;

  before(async () => {
    shop = await ShopHarness.open([ANA, BIA, STRANGER].map((number) => ({ number, mode: "strict" })));
    await shop.pair();
    open = true;
  });

  beforeEach(async () => {
    if (!open) await shop.logIn();
    open = true;
  });

  after(() => {
    shop.close();
  });

  async function closes(): Promise<unknown> {
    open = false;
    return shop.closed();
  }

  async function wireTimes(number: string, id: string): Promise<number> {
    return (await shop.simulator.inbox(number)).find((bubble) => bubble.id === id)?.wire ?? 0;
  }

  it("returns a refused message and an accepted one, by kind", async () => {
    const kinds = new Map([
      [463, "restricted"],
      [479, "stale_session"],
      [429, "rate_limited"],
      [400, "refused"],
    ]);
    for (const [code, kind] of kinds) {
      await shop.simulator.fault("nack", { code });
      const word = await shop.send(ANA, `NACK${code}`);
      assert.deepEqual(word, { outcome: "rejected", kind, code, written: true });
    }
    assert.equal((await shop.send(ANA, "AFTERNACK")).outcome, "accepted");
  });

  it("is in doubt when the ack is lost, and later sees only receipts", async () => {
    await shop.simulator.fault("lose_ack", { number: ANA });
    const word = await shop.send(ANA, "LOSTACK", { ack_timeout_ms: 300 });
    assert.deepEqual(word, { outcome: "in_doubt", reason: "ack_timeout" });
    assert.equal((await shop.send(ANA, "NEXT")).outcome, "accepted");
    await shop.receipt("LOSTACK", "read");
    assert.equal(shop.levels("LOSTACK").includes("accepted"), false);
  });

  it("reports a late ack as a receipt", async () => {
    await shop.simulator.post("options", { ack_delay_ms: 600 });
    const word = await shop.send(ANA, "LATEACK", { ack_timeout_ms: 200 });
    assert.deepEqual(word, { outcome: "in_doubt", reason: "ack_timeout" });
    await shop.receipt("LATEACK", "accepted");
    await shop.simulator.post("options", { ack_delay_ms: 0 });
  });

  it("resends to the shop's own phone alone when it could not read its copy", async () => {
    await shop.simulator.fault("lose_session", { number: SHOP });
    assert.equal((await shop.send(ANA, "OWNRETRY")).outcome, "accepted");
    await shop.receipt("OWNRETRY", "retry");
    await shop.receipt("OWNRETRY", "sender");
    await shop.simulator.waitForBubble(SHOP, "OWNRETRY");
    assert.equal((await shop.send(ANA, "AFTEROWN")).outcome, "accepted");
    await shop.receipt("AFTEROWN", "sender");
    const bubble = (await shop.simulator.inbox(ANA)).find(({ id }) => id === "OWNRETRY");
    assert.deepEqual([bubble?.shown, bubble?.wire], [1, 1]);
    assert.deepEqual(shop.levels("AFTEROWN").includes("retry"), false);
    assert.equal(await shop.simulator.wireRepeats(), 0);
  });

  it("writes no message when it is too late", async () => {
    const word = await shop.send(ANA, "TOOLATE", { not_after: 0 });
    assert.deepEqual(word, { outcome: "rejected", kind: "too_late", code: null, written: false });
    assert.equal(await wireTimes(ANA, "TOOLATE"), 0);
  });

  it("writes no message to a number that is not on WhatsApp", async () => {
    const word = await shop.send(UNREGISTERED, "NOBODY");
    assert.deepEqual(word, { outcome: "rejected", kind: "no_devices", code: null, written: false });
  });

  it("writes no message when the device query fails, and returns the kind", async () => {
    await shop.simulator.fault("usync_error", { number: STRANGER, code: 429 });
    const limited = await shop.send(STRANGER, "LIMITED");
    assert.deepEqual(limited, { outcome: "rejected", kind: "rate_limited", code: 429, written: false });
    await shop.simulator.fault("usync_error", { number: STRANGER, code: 0 });
    const unanswered = await shop.send(STRANGER, "UNANSWERED");
    assert.deepEqual(unanswered, { outcome: "rejected", kind: "transient", code: null, written: false });
    assert.equal((await shop.send(STRANGER, "ANSWERED")).outcome, "accepted");
  });

  it("makes new sessions except with the customer that is not listed", async () => {
    const found = await shop.host.ask("find_numbers", { customers: [[ANA]] });
    const lid = found.outcome === "answered" ? found.answers[0]?.[0]?.lid : null;
    assert.ok(lid);
    const before = shop.vault.keySets.length;
    await shop.simulator.fault("usync_error", { number: STRANGER, code: 429 });
    await shop.host.ask("refresh_session", { jids: [STRANGER, ANA].map(jidOf) });
    const written = shop.vault.keySets.slice(before).flat();
    assert.ok(written.some((key) => key.startsWith(`session/${String(lid.split("@")[0])}`)));
    assert.equal((await shop.send(ANA, "NEWSESSION")).outcome, "accepted");
    await shop.receipt("NEWSESSION", "read");
  });

  it("does not take a refused or unanswered number query for an answer", async () => {
    const customers = [[STRANGER]];
    const kinds = new Map([
      [429, "rate_limited"],
      [400, "refused"],
      [0, "timeout"],
    ]);
    for (const [code, kind] of kinds) {
      await shop.simulator.fault("usync_error", { number: STRANGER, code });
      const found = await shop.host.ask("find_numbers", { customers });
      assert.deepEqual(found, { outcome: "could_not_ask", kind });
    }
  });

  it("settles messages in flight when the socket drops, and closes with 428", async () => {
    await shop.simulator.fault("lose_ack", { number: BIA });
    const word = shop.send(BIA, "DROPPED", { ack_timeout_ms: 10_000 });
    await shop.receipt("DROPPED", "delivered");
    await shop.simulator.fault("drop");
    assert.deepEqual(await word, { outcome: "in_doubt", reason: "socket_closed" });
    assert.equal(await closes(), 428);
    const next = await shop.send(BIA, "CLOSED");
    assert.deepEqual(next, { outcome: "rejected", kind: "not_connected", code: null, written: false });
  });

  it("resends a message in doubt under its id after new sessions", async () => {
    await shop.host.ask("refresh_session", { jids: [jidOf(BIA)] });
    assert.equal((await shop.send(BIA, "DROPPED")).outcome, "accepted");
    assert.equal(await wireTimes(BIA, "DROPPED"), 2);
  });

  it("survives a kill between the write and the commit of its keys", async () => {
    shop.host.unanswered.add("keys.set");
    void shop.send(ANA, "KILLED");
    await shop.simulator.waitForBubble(ANA, "KILLED");
    await shop.killSidecar();
    await shop.logIn();
    await shop.host.ask("refresh_session", { jids: [jidOf(ANA)] });
    assert.equal((await shop.send(ANA, "KILLED")).outcome, "accepted");
    await shop.receipt("KILLED", "read");
    assert.equal(shop.levels("KILLED").includes("retry"), false);
  });

  it("gets a receipt again after a kill until Python has stored it", async () => {
    shop.host.unanswered.add("receipts");
    assert.equal((await shop.send(BIA, "UNKEPT")).outcome, "accepted");
    await shop.simulator.waitForBubble(BIA, "UNKEPT");
    await shop.killSidecar();
    await shop.logIn();
    await shop.receipt("UNKEPT", "delivered");
    await shop.receipt("UNKEPT", "read");
    assert.equal((await shop.send(BIA, "KEPT")).outcome, "accepted");
    await shop.receipt("KEPT", "read");
    await shop.restartSidecar();
    await shop.logIn();
    await shop.host.state(shop.generation, "drained");
    assert.deepEqual(
      ["UNKEPT", "OWNRETRY"].flatMap((id) => shop.levels(id)),
      [],
    );
  });

  it("carries a ping to WhatsApp and back, and shows a network that stalls", async () => {
    const asked = await shop.host.ask("ping", { ...PING_PARAMS, patience_ms: 5000 });
    assert.ok(asked.round_trip_ms !== null && asked.round_trip_ms >= 0);
    assert.ok(asked.answered_ms !== null && asked.answered_ms >= 0);
    assert.match(asked.client_version ?? "", /^\d+\.\d+\.\d+$/);
    await shop.simulator.fault("mute");
    const stalled = await shop.host.ask("ping", { ...PING_PARAMS, patience_ms: 300 });
    assert.equal(stalled.round_trip_ms, null);
    assert.ok(stalled.answered_ms !== null && stalled.answered_ms < 0);
    await shop.simulator.fault("unmute");
    const flowing = await shop.host.ask("ping", { ...PING_PARAMS, patience_ms: 5000 });
    assert.notEqual(flowing.round_trip_ms, null);
  });

  it("closes with the code WhatsApp gives", async () => {
    await shop.simulator.fault("stream_error", { code: 503 });
    assert.equal(await closes(), 503);
  });

  it("closes with the code of a refused login", async () => {
    await shop.simulator.fault("login_failure", { code: 405 });
    await shop.connect();
    assert.equal(await closes(), 405);
  });

  it("closes at once when no web socket is granted", async () => {
    await shop.simulator.fault("upgrade_status", { code: 503 });
    await shop.connect();
    assert.equal(await closes(), 503);
  });

  it("reports a copy that another linked device of the shop sent", async () => {
    const other = new ShopHarness(shop.simulator, new Vault());
    await other.pair();
    assert.equal((await other.send(ANA, "FROMOTHER")).outcome, "accepted");
    await shop.receipt("FROMOTHER", "copy");
    await other.host.kill();
  });

  it("ends the old socket when it is told to connect again", async () => {
    const old = shop.generation;
    await shop.connect();
    assert.equal((await shop.host.state(old, "closed"))["code"], null);
    await shop.host.state(shop.generation, "open");
    assert.equal((await shop.send(ANA, "RECONNECTED")).outcome, "accepted");
  });

  it("answers a number query at once when its connection is ended", async () => {
    await shop.simulator.fault("usync_error", { number: STRANGER, code: 0 });
    const found = shop.host.ask("find_numbers", { customers: [[STRANGER]] });
    await shop.connect();
    assert.deepEqual(await found, { outcome: "could_not_ask", kind: "not_connected" });
    await shop.host.state(shop.generation, "open");
    await shop.simulator.fault("usync_error", { number: STRANGER, times: 0 });
  });

  it("ends the refresh of sessions at once when its connection is ended", async () => {
    await shop.simulator.fault("usync_error", { number: SHOP, code: 0 });
    const refreshed = shop.host.ask("refresh_session", { jids: [jidOf(ANA)] });
    const refused = assert.rejects(refreshed, {
      message: `refresh_session failed with ${ERROR_CODES.not_connected}`,
    });
    await shop.connect();
    await refused;
    await shop.host.state(shop.generation, "open");
    await shop.simulator.fault("usync_error", { number: SHOP, times: 0 });
  });

  it("closes with 408 when the server does not answer", async () => {
    await shop.simulator.fault("refuse_connections");
    await shop.connect();
    assert.equal(await closes(), 408);
    await shop.simulator.fault("accept_connections");
  });

  it("wrote no personal data to its output", () => {
    const { stdoutLines: said, errors } = shop.output;
    assert.doesNotMatch(errors, /\d{8,}|Pedido|@|[A-Za-z0-9+/]{32}/);
    assert.doesNotMatch(said, /Pedido/);
  });

  it("exits at once in the middle of connecting", async () => {
    await shop.connect();
    assert.equal(await shop.restartSidecar(), 0);
    open = false;
  });
});

describe("the sidecar and its place among the shop's devices", { timeout: 60_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([]);
    await shop.pair();
  });

  after(() => {
    shop.close();
  });

  it("unlinks itself, and its credentials are refused afterwards", async () => {
    await shop.host.ask("logout", {});
    assert.equal(await shop.closed(), null);
    await shop.connect();
    assert.equal(await shop.closed(), 401);
  });

  it("gives a pairing code while a QR is on offer; unused, it starts afresh", async () => {
    shop.vault.credentials = null;
    await shop.connect();
    await shop.host.next("qr", (one) => one["generation"] === shop.generation);
    const { code } = await shop.host.ask("pairing_code", { number: SHOP });
    assert.match(code, /^[0-9A-Z]{8}$/);
    await shop.connect();
    await shop.host.next("qr", (one) => one["generation"] === shop.generation);
  });
});
