// Promises about reading receipts.
import assert from "node:assert/strict";
import { it } from "node:test";
import type { BinaryNode } from "baileys";
import { idsIn, receiptLevel } from "./receipts.ts";

const CUSTOMER = "5573999990001@s.whatsapp.net";
const SHOP = "5573333330000@s.whatsapp.net";

function receipt(attrs: Record<string, string>, content?: BinaryNode[]): BinaryNode {
  return { tag: "receipt", attrs: { id: "A", ...attrs }, ...(content ? { content } : {}) };
}

function level(attrs: Record<string, string>): string | undefined {
  return receiptLevel(receipt(attrs), (jid) => jid === SHOP);
}

it("a customer's receipt is delivered, read or a cry for help", () => {
  assert.equal(level({ from: CUSTOMER }), "delivered");
  assert.equal(level({ from: CUSTOMER, type: "inactive" }), "delivered");
  assert.equal(level({ from: "123456@lid", type: "read" }), "read");
  assert.equal(level({ from: CUSTOMER, type: "played" }), "read");
  assert.equal(level({ from: CUSTOMER, type: "retry" }), "retry");
});

it("the shop's own phone never makes a message delivered or read", () => {
  assert.equal(level({ from: SHOP }), undefined);
  assert.equal(level({ from: SHOP, type: "read" }), undefined);
  assert.equal(level({ from: SHOP, type: "read-self" }), undefined);
  assert.equal(level({ from: SHOP, type: "sender" }), "sender");
  assert.equal(level({ from: SHOP, type: "retry" }), "retry");
});

it("groups and unknown types say nothing", () => {
  assert.equal(level({ from: "1-2@g.us", participant: CUSTOMER }), undefined);
  assert.equal(level({ from: CUSTOMER, type: "server-error" }), undefined);
});

it("one receipt may name several messages", () => {
  const items = ["B", "C"].map((id) => ({ tag: "item", attrs: { id } }));
  const node = receipt({ from: CUSTOMER, type: "read" }, [{ tag: "list", attrs: {}, content: items }]);
  assert.deepEqual(idsIn(node), ["A", "B", "C"]);
  assert.deepEqual(idsIn(receipt({ from: CUSTOMER })), ["A"]);
});
