// Tests that no text of a customer is lost between WhatsApp and Python's disk.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { ShopHarness } from "./testing/shop_harness.ts";

const ANA = "+5573999990001";

describe("a customer's message", { timeout: 120_000 }, () => {
  let shop: ShopHarness;

  before(async () => {
    shop = await ShopHarness.open([{ number: ANA, mode: "strict" }]);
    await shop.pair();
  });

  after(() => {
    shop.close();
  });

  async function writes(id: string, more: object = {}): Promise<void> {
    await shop.simulator.post("inbound", { number: ANA, text: `Oi ${id}`, id, ...more });
  }

  function inboundWith(id: string): Promise<Record<string, unknown>> {
    return shop.host.next("inbound", (one) => one["message_id"] === id);
  }

  function received(id: string): Record<string, unknown>[] {
    const inbound = shop.host.received.filter(({ name }) => name === "inbound");
    return inbound.flatMap(({ params }) => (params["message_id"] === id ? [params] : []));
  }

  function times(id: string): number {
    return received(id).length;
  }

  /** A later text, which arrives after all that waited. */
  async function logInAgain(last: string): Promise<void> {
    await shop.logIn();
    await writes(last);
    await inboundWith(last);
  }

  it("comes again, readable, when the sidecar is killed before Python has it", async () => {
    await writes("FIRST");
    await inboundWith("FIRST");
    shop.host.unanswered.add("inbound");
    await writes("UNKEPT");
    await inboundWith("UNKEPT");
    await shop.killSidecar();
    await logInAgain("AFTER");
    const again = await inboundWith("UNKEPT");
    assert.deepEqual([again["kind"], again["text"], again["live"]], ["text", "Oi UNKEPT", false]);
    assert.deepEqual([times("UNKEPT"), times("FIRST")], [1, 0]);
  });

  it("comes again when the connection ends before Python has it", async () => {
    shop.host.unanswered.add("inbound");
    await writes("CUT");
    await inboundWith("CUT");
    await shop.simulator.fault("drop");
    await shop.closed();
    shop.host.unanswered.clear();
    await logInAgain("AFTERCUT");
    assert.deepEqual(
      received("CUT").map(({ text }) => text),
      ["Oi CUT", "Oi CUT"],
    );
  });

  it("comes no more once Python has it", async () => {
    await writes("KEPT");
    await inboundWith("KEPT");
    await writes("KEPTTOO");
    await inboundWith("KEPTTOO");
    await shop.restartSidecar();
    await logInAgain("AFTERKEPT");
    assert.equal(times("KEPT"), 0);
  });

  it("is handed over once, of any kind, but not from groups and channels", async () => {
    const kinds = ["image", "video", "audio", "document", "sticker", "location"];
    for (const kind of kinds) await writes(kind, { kind });
    for (const place of ["group", "status", "newsletter"]) await writes(place, { place });
    await writes("LAST");
    await inboundWith("LAST");
    const seen = await Promise.all(kinds.map(async (kind) => (await inboundWith(kind))["kind"]));
    assert.deepEqual(seen, ["image", "video", "audio", "document", "sticker", "other"]);
    assert.deepEqual([...kinds, "LAST"].map(times), [1, 1, 1, 1, 1, 1, 1]);
    assert.deepEqual(["group", "status", "newsletter"].map(times), [0, 0, 0]);
  });

  it("names the earlier message when it is an edit, deletion or reaction", async () => {
    await writes("FIRSTWORDS");
    for (const kind of ["edit", "wrapped_edit", "secret_edit", "revoke", "reaction"])
      await writes(kind, { kind, about: "FIRSTWORDS", text: "👍" });
    const seen = await Promise.all(
      ["edit", "wrapped_edit", "secret_edit", "revoke", "reaction"].map(async (id) => {
        const { kind, text, about } = await inboundWith(id);
        return [kind, text, about];
      }),
    );
    assert.deepEqual(seen, [
      ["edit", "👍", "FIRSTWORDS"],
      ["edit", "👍", "FIRSTWORDS"],
      ["edit", null, "FIRSTWORDS"],
      ["deletion", null, "FIRSTWORDS"],
      ["reaction", "👍", "FIRSTWORDS"],
    ]);
  });

  it("is not handed over when it has no author", async () => {
    const kinds = ["album", "pin", "keep", "vote", "call"];
    for (const kind of kinds) await writes(`N-${kind}`, { kind, about: "FIRSTWORDS" });
    await writes("AFTERNOBODY");
    await inboundWith("AFTERNOBODY");
    assert.deepEqual(
      kinds.map((kind) => times(`N-${kind}`)),
      [0, 0, 0, 0, 0],
    );
  });

  it("is handed over whole with half of a surrogate pair and an odd id", async () => {
    const half = Buffer.from([0x0a, 0x05, 0x4f, 0x69, 0xed, 0xa0, 0xbd]);
    await writes("HALF", { raw: half.toString("base64") });
    assert.equal((await inboundWith("HALF"))["text"], "Oi\ufffd");
    await shop.simulator.post("inbound", { number: ANA, text: "Oi", id: "an odd id" });
    const odd = await shop.host.next("inbound", (one) => String(one["message_id"]).startsWith("X-"));
    assert.equal(odd["text"], "Oi");
  });

  it("is unreadable, then again under the same id once the phone resends it", async () => {
    await shop.simulator.fault("garble_inbound", { number: ANA });
    await writes("GARBLED");
    const readable = await shop.host.next(
      "inbound",
      (one) => one["message_id"] === "GARBLED" && one["kind"] === "text",
    );
    assert.equal(readable["text"], "Oi GARBLED");
    assert.equal((await inboundWith("GARBLED"))["kind"], "unreadable");
  });
});
