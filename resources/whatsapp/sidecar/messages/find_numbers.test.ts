// Tests to which customer of a batch an answer of WhatsApp belongs, and what is no answer.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { BinaryNode, USyncQuery, USyncQueryResult } from "baileys";
import type { Connection } from "../session/connection.ts";
import { findNumbers } from "./find_numbers.ts";

const ANA = ["+5573988880001", "+557388880001"];
const RUI = ["+5573988880002", "+557388880002"];

interface Answer {
  jid: string;
  asked?: string;
  lid?: string;
}

/** Answers each query in turn; undefined is no answer, and "refused" an error. */
function connection(...answers: (Answer[] | "refused" | undefined)[]): Connection {
  const executeUSyncQuery = (query: USyncQuery): Promise<USyncQueryResult | undefined> => {
    const answer = answers.shift();
    if (answer === "refused") return Promise.reject(new Error("refused"));
    return Promise.resolve(answer && query.parseUSyncQueryResult(resultOf(answer)));
  };
  const answer = <T>(query: Promise<T>): Promise<T> => query;
  return { isOpen: true, answer, sock: { executeUSyncQuery } } as unknown as Connection;
}

function resultOf(answers: Answer[]): BinaryNode {
  const users = answers.map(({ jid, asked, lid }) => ({
    tag: "user",
    attrs: { jid },
    content: [
      { tag: "contact", attrs: { type: "in" }, ...(asked !== undefined && { content: Buffer.from(asked) }) },
      ...(lid === undefined ? [] : [{ tag: "lid", attrs: { val: lid } }]),
    ],
  }));
  const list = { tag: "list", attrs: {}, content: users };
  return { tag: "iq", attrs: { type: "result" }, content: [{ tag: "usync", attrs: {}, content: [list] }] };
}

const jid = (number: string): string => `${number.slice(1)}@s.whatsapp.net`;

test("an answer belongs to the customer whose number it repeats, whatever WhatsApp's spelling", async () => {
  const rui = { jid: "9990002@s.whatsapp.net", asked: RUI[0] ?? "", lid: "2:7@lid" };
  const found = await findNumbers(connection([rui]), [ANA, RUI]);
  assert.deepEqual(found, { outcome: "answered", answers: [[], [{ jid: rui.jid, lid: "2@lid" }]] });
});

test("a customer has no answer where one belongs to none of them", async () => {
  const unknown = { jid: "9990003@s.whatsapp.net", lid: "3@lid" };
  const ana = { jid: jid(ANA[0] ?? ""), lid: "1@lid" };
  const batch = await findNumbers(connection([unknown, ana]), [ANA, RUI]);
  assert.deepEqual(batch, { outcome: "answered", answers: [[ana], null] });
  const alone = await findNumbers(connection([unknown]), [RUI]);
  assert.deepEqual(alone, { outcome: "answered", answers: [[unknown]] });
});

test("an account without an account id is asked for it once more, and is known without it", async () => {
  const ana = { jid: jid(ANA[0] ?? "") };
  const known = { outcome: "answered", answers: [[{ ...ana, lid: "1@lid" }]] };
  assert.deepEqual(await findNumbers(connection([ana], [{ ...ana, lid: "1@lid" }]), [ANA]), known);
  for (const second of ["refused", undefined] as const) {
    const found = await findNumbers(connection([ana], second), [ANA]);
    assert.deepEqual(found, { outcome: "answered", answers: [[{ ...ana, lid: null }]] });
  }
});

test("no answer and a refusal are no answer about anybody", async () => {
  assert.deepEqual(await findNumbers(null, [ANA]), { outcome: "could_not_ask", kind: "not_connected" });
  assert.deepEqual(await findNumbers(connection(undefined), [ANA]), {
    outcome: "could_not_ask",
    kind: "timeout",
  });
  assert.deepEqual(await findNumbers(connection("refused"), [ANA]), {
    outcome: "could_not_ask",
    kind: "refused",
  });
});
