// Tests of the QR texts.
import assert from "node:assert/strict";
import { beforeEach, it } from "node:test";
import { FakeSocket } from "../testing/fake_socket.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { watchQrCodes } from "./qr_codes.ts";

const PREFIX = "https://wa.me/settings/linked_devices#";
const REFRESH = {
  tag: "notification",
  attrs: { id: "9", from: "@s.whatsapp.net", type: "companion_reg_refresh" },
};

let fake: FakeSocket;
let clock: ManualClock;

beforeEach(() => {
  fake = new FakeSocket(1);
  clock = new ManualClock();
  watchQrCodes(fake.connection, clock);
});

function offer(ref: string, secret: string): void {
  fake.ev.emit("connection.update", { qr: `${PREFIX}${ref},NOISE,IDENTITY,${secret},1` });
}

it("live for a minute, then for twenty seconds each", () => {
  offer("A", fake.connection.creds.advSecretKey);
  offer("B", fake.connection.creds.advSecretKey);
  assert.deepEqual(
    fake.emitted.map(([, params]) => (params as { lives_ms: number }).lives_ms),
    [60_000, 20_000],
  );
});

it("are emitted with a new secret when the phone has retired the old one", () => {
  const old = fake.connection.creds.advSecretKey;
  offer("A", old);
  clock.advance(15_000);
  fake.ws.emit("CB:notification,type:companion_reg_refresh", REFRESH);
  const secret = fake.connection.creds.advSecretKey;
  assert.notEqual(secret, old);
  assert.deepEqual(fake.emitted.slice(1), [
    ["pairing_notice", { generation: 1, kind: "registration_refresh" }],
    ["qr", { generation: 1, text: `${PREFIX}A,NOISE,IDENTITY,${secret},1`, lives_ms: 45_000 }],
  ]);
  assert.deepEqual(fake.sent, [
    {
      tag: "ack",
      attrs: { id: "9", to: "@s.whatsapp.net", class: "notification", type: "companion_reg_refresh" },
    },
  ]);
  offer("B", old);
  const { text } = fake.emitted.at(-1)?.[1] as { text: string };
  assert.equal(text, `${PREFIX}B,NOISE,IDENTITY,${secret},1`);
});

it("say that this account wants a passkey", () => {
  fake.ws.emit("CB:notification,type:passkey_prologue_request", {});
  assert.deepEqual(fake.emitted, [["pairing_notice", { generation: 1, kind: "passkey" }]]);
});
