// Tests of the Baileys events that the sidecar relies on: acks, receipts, arrivals, answers about numbers.
import "../../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { test } from "node:test";
import { proto, USyncQuery, USyncUser } from "baileys";
import { openSimulator } from "../../simulator/testing/simulator_harness.ts";
import { BareBaileys } from "./bare_baileys.ts";

const { DELIVERY_ACK, READ } = proto.WebMessageInfo.Status;

const shop = await openSimulator();
const { admin } = shop;
const baileys = new BareBaileys(shop);
await baileys.pair();
const ana = await shop.customer("+5573988880001");

test("the server answers a message by an ack with its id, or an error", async () => {
  await baileys.send(ana, "um", "A1");
  assert.equal(
    (await baileys.ack("A1"))["error"],
    undefined,
    "acks.ts calls a message accepted when CB:ack,class:message has its id and no error",
  );
  await shop.fault("nack", { code: 463 });
  await baileys.send(ana, "dois", "A2");
  assert.equal(
    (await baileys.ack("A2"))["error"],
    "463",
    "ack_ledger.ts tells the kinds of refusal apart by the ack's error",
  );
});

test("sendMessage returns without an ack, and keeps the given id", async () => {
  await shop.fault("lose_ack");
  assert.equal(
    await baileys.send(ana, "três", "B1"),
    "B1",
    "a repeat after a doubt is one bubble only because sendMessage uses the messageId it is given",
  );
  assert.equal(
    baileys.events.has("ack"),
    false,
    "send_text.ts waits for the tracker because sendMessage says nothing of acceptance; if it waits for the ack now, a lost one must not hang it",
  );
  await baileys.receipt("B1");
  assert.equal(
    (await admin.inbox("+5573988880001")).find(({ text }) => text === "três")?.id,
    "B1",
    "receipts find their notification by the id on the wire",
  );
});

test("delivered and read come as receipt stanzas and as updates, by id", async () => {
  const eva = await shop.customer("+5573988880005", { reads: false });
  const levels: [string, string, string | undefined, number][] = [
    ["C1", eva, undefined, DELIVERY_ACK],
    ["C2", ana, "read", READ],
  ];
  for (const [id, jid, type, status] of levels) {
    await baileys.send(jid, "quatro", id);
    assert.equal(
      (await baileys.receipt(id, type))["from"],
      jid,
      "receipts.ts reads level and sender from the stanza CB:receipt",
    );
    assert.ok(
      await baileys.update(id, status),
      "Baileys must mean the same by these stanzas as receipts.ts, though it merges delivered into read",
    );
  }
  assert.equal(
    baileys.events.has("group receipt"),
    false,
    "message-receipt.update is for groups alone, and nobody listens to it",
  );
});

test("Baileys listens for receipts from the start, as the sidecar expects", async () => {
  await baileys.disconnect();
  baileys.connect();
  const ours = 1;
  assert.ok(
    baileys.socket.ws.listeners("CB:receipt").length > ours,
    "receipts.ts holds receipts back from Baileys' own listener, which must be there right after makeWASocket",
  );
  await baileys.events.next("open");
});

test("Baileys asks for a message's text by id when a phone could not read it", async () => {
  const rui = await shop.customer("+5573988880002", { companions: 1 });
  const companion = "5573988880002:1@s.whatsapp.net";
  await baileys.send(rui, "cinco", "D1");
  await baileys.receipt("D1", undefined, companion);
  await shop.fault("lose_session", { number: "+5573988880002", device: 1 });
  await baileys.send(rui, "seis", "D2");
  await baileys.receipt("D2", "retry", companion);
  await baileys.receipt("D2", undefined, companion);
  assert.deepEqual(
    baileys.requestedTextIds,
    ["D2"],
    "sent_text.ts answers Baileys' getMessage by id; unasked, that customer reads 'waiting for this message'",
  );
});

test("messages that waited offline are told apart from live ones", async () => {
  await shop.customer("+5573988880003");
  await baileys.disconnect();
  await admin.post("inbound", { number: "+5573988880003", text: "Oi", id: "E1" });
  await baileys.open();
  assert.equal(
    (await baileys.arrival("E1")).type,
    "append",
    "inbound.ts tells live from waiting by this type",
  );
  await admin.post("inbound", { number: "+5573988880003", text: "Oi de novo", id: "E2" });
  assert.equal(
    (await baileys.arrival("E2")).type,
    "notify",
    "inbound.ts tells live from waiting by this type",
  );
});

test("no account, no answer and a refusal are three different things", async () => {
  const asked = "+5573988880004";
  const query = (): USyncQuery =>
    new USyncQuery().withContactProtocol().withLIDProtocol().withUser(new USyncUser().withPhone(asked));
  const because =
    "find_numbers.ts takes none for 'not on WhatsApp', undefined for a timeout, and data for a refusal";
  const answer = await baileys.socket.executeUSyncQuery(query());
  assert.deepEqual(
    answer?.list.filter(({ contact }) => contact === true),
    [],
    because,
  );
  assert.deepEqual(await baileys.socket.onWhatsApp(asked), [], because);
  await shop.fault("usync_error", { code: 429 });
  await assert.rejects(baileys.socket.executeUSyncQuery(query()), { data: 429 }, because);
  await baileys.disconnect();
  await baileys.open(1500);
  await shop.fault("usync_error", { code: 0, times: 2 });
  assert.equal(await baileys.socket.executeUSyncQuery(query()), undefined, because);
  assert.equal(await baileys.socket.onWhatsApp(asked), undefined, because);
  await baileys.disconnect();
});
