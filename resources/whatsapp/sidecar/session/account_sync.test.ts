// Tests that the account's privacy settings are those of WhatsApp's last notice.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceCache } from "./device_cache.ts";
import type { Connection } from "./connection.ts";
import { watchAccountSync } from "./account_sync.ts";

const PRIVACY = { tag: "notification", attrs: {}, content: [{ tag: "privacy", attrs: {} }] };

test("privacy settings that could not be fetched are asked for again when they are needed", async () => {
  let [asked, answers] = [0, false];
  let told: (node: typeof PRIVACY) => void = () => undefined;
  const fetchPrivacySettings = async (): Promise<void> => {
    asked += 1;
    await Promise.resolve();
    if (!answers) throw new Error("no answer");
  };
  const connection = {
    sock: { fetchPrivacySettings },
    onStanza: (_: string, listener: typeof told) => (told = listener),
    privacySettled: () => Promise.resolve(),
  } as unknown as Connection;
  watchAccountSync(connection, new DeviceCache(() => 0));
  told(PRIVACY);
  await assert.rejects(connection.privacySettled());
  await assert.rejects(connection.privacySettled());
  answers = true;
  await connection.privacySettled();
  await connection.privacySettled();
  assert.equal(asked, 3);
});
