// Promises of the real sidecar process with the real Baileys, against the simulated WhatsApp.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { SendOutcome } from "./protocol/requests.ts";
import { Host, Vault } from "./trial/host.ts";
import { World } from "./trial/world.ts";

const SHOP = "+5573333330000";
const CUSTOMERS = Array.from({ length: 24 }, (_, index) => `+55739999900${String(index + 10)}`);

const jidOf = (number: string): string => `${number.slice(1)}@s.whatsapp.net`;
const customer = (index: number): string => CUSTOMERS[index] ?? "";

describe("the sidecar on the simulated WhatsApp", { timeout: 120_000 }, () => {
  const vault = new Vault();
  let world: World;
  let host: Host;
  let generation: number;

  before(async () => {
    world = await World.start();
    await world.post("account", { number: SHOP, name: "Coco Loko" });
    const contacts = CUSTOMERS.map((number) => ({ number, mode: "strict" }));
    await world.post("contacts", { contacts });
    host = new Host(vault);
  });

  after(() => {
    host.kill();
    world.stop();
  });

  async function send(
    number: string,
    messageId: string,
    text: string,
    more: object = {},
  ): Promise<SendOutcome> {
    vault.sentTexts.set(messageId, text);
    const not_after = (await host.steadyNow()) + 20_000;
    const params = { jid: jidOf(number), text, message_id: messageId, not_after, ack_timeout_ms: 3000 };
    return host.ask("send_text", { ...params, ...more });
  }

  const receipt = (messageId: string, level: string): Promise<unknown> =>
    host.until("receipt", (one) => one["message_id"] === messageId && one["level"] === level);

  it("tells a QR text, pairs when it is scanned, and closes with 515 after the credentials are saved", async () => {
    generation = await host.connect(world.url);
    const { text, lives_ms } = await host.until("qr");
    assert.equal(lives_ms, 60_000);
    await world.post("scan", { number: SHOP, qr: text });
    const paired = await host.state(generation, "paired");
    assert.equal((paired["account"] as { jid: string }).jid, jidOf(SHOP));
    const closed = await host.state(generation, "closed");
    assert.equal(closed["code"], 515);
    assert.equal(vault.account?.jid, jidOf(SHOP));
  });

  it("opens with the saved credentials and says when it is drained", async () => {
    generation = await host.connect(world.url);
    await host.state(generation, "open");
    await host.state(generation, "drained");
    assert.ok([...vault.keys.keys()].some((key) => key.startsWith("pre-key/")));
  });

  it("sends a text that the customer's phone shows, and tells accepted, delivered and read", async () => {
    const outcome = await send(customer(0), "3EB0FIRST", "Seu pedido está pronto");
    assert.equal(outcome.outcome, "accepted");
    await receipt("3EB0FIRST", "delivered");
    await receipt("3EB0FIRST", "read");
    const [bubble] = await world.inbox(customer(0));
    assert.deepEqual([bubble?.id, bubble?.text, bubble?.shown], ["3EB0FIRST", "Seu pedido está pronto", 1]);
  });
});
