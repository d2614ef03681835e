// Tests of redaction: no personal data and no key reaches the log.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { redactedFields, redactedMessage } from "./log.ts";

it("keeps plain words and drops personal data", () => {
  assert.equal(redactedMessage("failed to decrypt message"), "failed to decrypt message");
  assert.equal(
    redactedMessage("Invalid LID-PN mapping: 1234@lid, 5573999990001@s.whatsapp.net"),
    "Invalid LID-PN mapping: … …",
  );
  assert.equal(redactedMessage('key u5H8dJf0aG== +5573999990001 {"text":1}'), "key … … …");
});

it("keeps an error's name, number and places, not its message or fields", () => {
  const error = Object.assign(new Error("5573999990001 said oi"), { data: 429, output: { statusCode: 500 } });
  const said = redactedFields({
    err: error,
    jid: "5573999990001@s.whatsapp.net",
    key: Buffer.from("secret"),
  });
  assert.equal(said["error"], "Error");
  assert.equal(said["code"], 429);
  assert.match(String((said["where"] as string[])[0]), /^log\.test\.ts:\d+$/);
  assert.doesNotMatch(JSON.stringify(said), /5573|secret|oi"/);
});

it("writes no fields of values that are not errors", () => {
  assert.deepEqual(redactedFields({ jid: "5573999990001@s.whatsapp.net", trace: "oi" }), {});
  assert.deepEqual(redactedFields("5573999990001"), {});
});

it("leaves out only the one warning that comes at every connect", () => {
  const address = new URL("log.ts", import.meta.url).href;
  const script = `
    const { log } = await import(${JSON.stringify(address)});
    log.warn("DANGER: DISABLING ALL SYNC PREVENTS BAILEYS FROM ACCESSING INITIAL LID MAPPINGS");
    log.warn("DANGER ahead");`;
  const { stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", script]);
  const said = stderr.toString().trim().split("\n");
  assert.deepEqual(
    said.map((line) => (JSON.parse(line) as { msg: string }).msg),
    ["DANGER ahead"],
  );
});
