// Tests of the credentials.
import assert from "node:assert/strict";
import { it } from "node:test";
import { initAuthCreds, proto } from "baileys";
import { accountOf, credentialsText, openCredentials } from "./credentials.ts";
import { withSecret } from "./qr_codes.ts";

const me = { id: "5573999990001:4@s.whatsapp.net", lid: "1234567:4@lid" };

it("come back as they were saved, once they are paired", () => {
  const creds = {
    ...initAuthCreds(),
    me,
    account: proto.ADVSignedDeviceIdentity.create({ details: Buffer.from("d") }),
  };
  const again = openCredentials(credentialsText(creds));
  assert.deepEqual(Buffer.from(again.noiseKey.private), Buffer.from(creds.noiseKey.private));
  assert.equal(credentialsText(again), credentialsText(creds));
  assert.deepEqual(accountOf(again), { jid: "5573999990001@s.whatsapp.net", lid: "1234567@lid" });
});

it("are thrown away when a pairing was begun and given up", () => {
  const abandoned = { ...initAuthCreds(), me };
  assert.equal(accountOf(abandoned), null);
  const fresh = openCredentials(credentialsText(abandoned));
  assert.equal(fresh.me, undefined);
  assert.notDeepEqual(fresh.noiseKey.private, abandoned.noiseKey.private);
});

it("are refused when they are not ours", () => {
  for (const saved of ["not json", "null", "[]", "{}", '{"noiseKey":{"private":"AA"}}', '{"me":{"id":5}}'])
    assert.throws(() => openCredentials(saved), { message: "credentials_unreadable" });
});

it("put a renewed secret into the fourth field of a QR text", () => {
  assert.equal(withSecret("https://wa.me/x#REF,NOISE,ID,OLD,1", "NEW"), "https://wa.me/x#REF,NOISE,ID,NEW,1");
});
