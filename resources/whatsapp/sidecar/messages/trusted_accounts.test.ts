// Tests which accounts count as ones that have let this one write to them.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Connection } from "../session/connection.ts";
import { markTrusted } from "./trusted_accounts.ts";

const FRESH = { token: Buffer.of(1), timestamp: String(Math.floor(Date.now() / 1000)) };
const EXPIRED = { token: Buffer.of(1), timestamp: "1" };
const ISSUED = { token: Buffer.alloc(0), senderTimestamp: 1 };

function connection(tokens: Record<string, object>): Connection {
  const get = (_: string, ids: string[]): Promise<object> =>
    Promise.resolve(Object.fromEntries(ids.flatMap((id) => (tokens[id] ? [[id, tokens[id]]] : []))));
  return { sock: { authState: { keys: { get } } } } as unknown as Connection;
}

const ana = { jid: "55731@s.whatsapp.net", lid: "1@lid" };
const rui = { jid: "55732@s.whatsapp.net", lid: null };

async function trusted(tokens: Record<string, object>): Promise<unknown> {
  const found = await markTrusted(connection(tokens), {
    outcome: "answered",
    answers: [[ana], [rui], null, []],
  });
  return (
    found.outcome === "answered" && found.answers.map((answer) => answer?.map((one) => one.trusted) ?? null)
  );
}

test("an account is trusted by the token that goes with a message to it", async () => {
  assert.deepEqual(await trusted({ [ana.lid]: FRESH, [rui.jid]: FRESH }), [[true], [true], null, []]);
  // Baileys looks no more under the number once the account id is known.
  assert.deepEqual(await trusted({ [ana.jid]: FRESH }), [[false], [false], null, []]);
});

test("an expired token, one that was only issued, and none make no account trusted", async () => {
  assert.deepEqual(await trusted({ [ana.lid]: EXPIRED, [rui.jid]: ISSUED }), [[false], [false], null, []]);
});

test("what could not be asked stays so", async () => {
  const unasked = { outcome: "could_not_ask", kind: "timeout" } as const;
  assert.deepEqual(await markTrusted(null, unasked), unasked);
});
