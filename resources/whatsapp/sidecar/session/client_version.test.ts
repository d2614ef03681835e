// Tests of the client version.
import assert from "node:assert/strict";
import { it } from "node:test";
import { DEFAULT_CONNECTION_CONFIG, type WAVersion } from "baileys";
import { clientVersion, versionText, type LookUp } from "./client_version.ts";

const OWN = DEFAULT_CONNECTION_CONFIG.version;
const NEWER: WAVersion = [OWN[0], OWN[1], OWN[2] + 1];
const OLDER: WAVersion = [OWN[0], OWN[1], OWN[2] - 1];
const NOTHING = { version: null, known_version: null, look_up_version: false, simulated_url: null };
const never: LookUp = () => Promise.reject(new Error("looked up"));
const found =
  (version: WAVersion, isLatest = true): LookUp =>
  () =>
    Promise.resolve({ version, isLatest });

it("is the package's own without a known version and without a look-up", async () => {
  assert.deepEqual(await clientVersion(NOTHING, never), OWN);
});

it("is the one that was good last time unless the package's is newer", async () => {
  assert.deepEqual(await clientVersion({ ...NOTHING, known_version: versionText(NEWER) }, never), NEWER);
  assert.deepEqual(await clientVersion({ ...NOTHING, known_version: versionText(OLDER) }, never), OWN);
});

it("is the version set by hand, ahead of all others", async () => {
  const set = { ...NOTHING, version: "2.3000.1", known_version: versionText(NEWER), look_up_version: true };
  assert.deepEqual(await clientVersion(set, never), [2, 3000, 1]);
});

it("is WhatsApp's own when it is to be looked up and can be", async () => {
  const wanted = { ...NOTHING, look_up_version: true };
  assert.deepEqual(await clientVersion(wanted, found(NEWER)), NEWER);
  assert.deepEqual(await clientVersion(wanted, found(NEWER, false)), OWN);
});

it("is never looked up for a simulated WhatsApp", async () => {
  const training = { ...NOTHING, look_up_version: true, simulated_url: "ws://127.0.0.1:1/ws/chat" };
  assert.deepEqual(await clientVersion(training, never), OWN);
});
