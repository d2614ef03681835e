// Tests of recording issued privacy tokens.
import assert from "node:assert/strict";
import { it } from "node:test";
import { MemoryKeys } from "../../simulator/testing/memory_keys.ts";
import { recordTokenIssues, TOKEN_INDEX } from "./privacy_tokens.ts";
import { runWithGate, type SendGate } from "./send_gate.ts";

const ANA = "1000@lid";
const nothing = (): undefined => undefined;
const message = (): SendGate => ({
  additionalNodes: [],
  onEncrypted: nothing,
  beforeWrite: nothing,
  onKeySave: nothing,
});

it("a token issue is recorded at Baileys' read of the index", async () => {
  const disk = new MemoryKeys();
  const keys = recordTokenIssues(disk);
  await disk.set({ tctoken: { [ANA]: { token: Buffer.from("theirs"), timestamp: "5" } } });
  await runWithGate(message(), async () => {
    await keys.get("tctoken", [ANA]);
    await keys.get("tctoken", [TOKEN_INDEX]);
  });
  const { [ANA]: kept } = await disk.get("tctoken", [ANA]);
  assert.deepEqual([kept?.token.toString(), kept?.timestamp], ["theirs", "5"]);
  assert.ok(Number(kept?.senderTimestamp) > 1_700_000_000);
});

it("no issue is recorded when it failed or belongs to no message", async () => {
  const disk = new MemoryKeys();
  const keys = recordTokenIssues(disk);
  await runWithGate(message(), async () => {
    await keys.get("tctoken", [ANA]);
  });
  await keys.get("tctoken", [ANA]);
  await keys.get("tctoken", [TOKEN_INDEX]);
  assert.deepEqual(await disk.get("tctoken", [ANA]), {});
});

it("a failed record of an issue does not fail the send", async () => {
  const keys = recordTokenIssues({
    get: () => Promise.resolve({}),
    set: () => Promise.reject(new Error("full")),
  });
  await runWithGate(message(), async () => {
    await keys.get("tctoken", [ANA]);
    await keys.get("tctoken", [TOKEN_INDEX]);
  });
});

it("a token that Baileys clears during a send stays, and the ratchets beside it are saved", async () => {
  const disk = new MemoryKeys();
  const keys = recordTokenIssues(disk);
  await disk.set({ tctoken: { [ANA]: { token: Buffer.from("theirs"), timestamp: "5" } } });
  const session = { "1000.0": Buffer.from("ratchet") };
  await runWithGate(message(), async () => {
    for (const cleared of [null, { token: Buffer.alloc(0), senderTimestamp: 7 }])
      await keys.set({ tctoken: { [ANA]: cleared }, session });
  });
  assert.equal((await disk.get("tctoken", [ANA]))[ANA]?.token.toString(), "theirs");
  assert.deepEqual(await disk.get("session", ["1000.0"]), session);
  await keys.set({ tctoken: { [ANA]: null } });
  assert.deepEqual(await disk.get("tctoken", [ANA]), {});
});
