// Tests of storing a history's tokens beside those that are known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MemoryKeys } from "../../simulator/testing/memory_keys.ts";
import { NCT_SALT } from "../messages/cs_token.ts";
import { TOKEN_INDEX } from "../messages/privacy_tokens.ts";
import type { ChatToken } from "./history_content.ts";
import { storeSalt, storeTokens } from "./store_tokens.ts";

const ANA = "4711@lid";
const BIA = "4712@lid";

function token(text: string, timestamp: number, senderTimestamp?: number): ChatToken {
  return { number: null, lid: ANA, token: Buffer.from(text), timestamp, senderTimestamp };
}

async function kept(keys: MemoryKeys, id: string): Promise<unknown[]> {
  const { [id]: entry } = await keys.get("tctoken", [id]);
  return [entry?.token.toString(), entry?.timestamp, entry?.senderTimestamp];
}

test("the newer of two tokens is kept, with the later time of the own one", async () => {
  const keys = new MemoryKeys();
  await keys.set({
    tctoken: {
      [ANA]: { token: Buffer.from("known"), timestamp: "50", senderTimestamp: 9 },
      [BIA]: { token: Buffer.from("known"), timestamp: "50" },
    },
  });
  await storeTokens(
    keys,
    new Map([
      [ANA, token("older", 49, 8)],
      [BIA, token("newer", 51, 7)],
    ]),
  );
  assert.deepEqual(await kept(keys, ANA), ["known", "50", 9]);
  assert.deepEqual(await kept(keys, BIA), ["newer", "51", 7]);
});

test("a record of an issued token alone gives way, and none is made up", async () => {
  const keys = new MemoryKeys();
  await keys.set({ tctoken: { [ANA]: { token: Buffer.alloc(0), senderTimestamp: 9 } } });
  await storeTokens(
    keys,
    new Map([
      [ANA, token("first", 5)],
      [BIA, token("", 0, 7)],
    ]),
  );
  assert.deepEqual(await kept(keys, ANA), ["first", "5", 9]);
  assert.deepEqual(await kept(keys, BIA), ["", undefined, 7]);
});

test("the list of ids grows, whatever stood in it, and does not name the salt", async () => {
  const keys = new MemoryKeys();
  for (const index of ['["1@lid"]', "broken", '{"a": 1}']) {
    await keys.set({ tctoken: { [TOKEN_INDEX]: { token: Buffer.from(index) } } });
    await storeTokens(keys, new Map([[ANA, token("t", 5)]]));
    await storeSalt(keys, Buffer.from("salt"));
    const listed = JSON.parse(String((await kept(keys, TOKEN_INDEX))[0])) as string[];
    assert.deepEqual(listed, index.includes("1@lid") ? ["1@lid", ANA] : [ANA]);
  }
  assert.equal((await kept(keys, NCT_SALT))[0], "salt");
});

test("thousands of tokens are stored in portions", async () => {
  const keys = new MemoryKeys();
  let largest = 0;
  const counted = {
    get: keys.get.bind(keys),
    set: (changes: Parameters<MemoryKeys["set"]>[0]) => {
      const ids = Object.keys(changes.tctoken ?? {});
      largest = Math.max(largest, ids.length);
      return keys.set(changes);
    },
  };
  const many = new Map(Array.from({ length: 1001 }, (_, n) => [`${n + 1}@lid`, token("t", 5)] as const));
  await storeTokens(counted, many);
  assert.equal(largest, 200);
  assert.deepEqual(await kept(keys, "1001@lid"), ["t", "5", undefined]);
});
