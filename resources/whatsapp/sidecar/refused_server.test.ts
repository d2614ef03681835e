// Tests what a server with a bad certificate chain learns of the shop, with the sources and with the bundle.
import "../simulator/console_guard.ts";
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { initAuthCreds } from "baileys";
import { makeServerIdentity, signChain, type ServerIdentity } from "../simulator/noise/certificate.ts";
import { credentialsText } from "./session/credentials.ts";
import { NoiseServer } from "./testing/noise_server.ts";
import { TestHost, Vault } from "./testing/test_host.ts";

/** A client hello is one field of 34 bytes, which holds the ephemeral key of 32. */
const HELLO_BYTES = 36;
const identity = makeServerIdentity();
const foreign = makeServerIdentity();
const rootOf = ({ root }: ServerIdentity): string =>
  `X-Simulated-Root: ${Buffer.from(root.public).toString("base64")}`;
const over: ServerIdentity = {
  ...identity,
  certificateChain: signChain(identity.root, identity.noiseKey, {
    leafValidity: { notBefore: 1, notAfter: 2 },
  }),
};

let folder = "";
let server: NoiseServer | undefined;
let host: TestHost | undefined;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "sidecar-bundle-"));
  execFileSync(process.execPath, [new URL("../build.mjs", import.meta.url).pathname, folder]);
});
after(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await host?.kill();
  server?.stop();
});

/** Credentials of a paired device: a login would tell its account. */
function pairedVault(): Vault {
  const vault = new Vault();
  const creds = initAuthCreds();
  creds.me = { id: "5573999990000:3@s.whatsapp.net", lid: "100000000000001:3@lid" };
  creds.account = { accountSignature: Buffer.alloc(64), accountSignatureKey: Buffer.alloc(32) };
  vault.credentials = credentialsText(creds);
  return vault;
}

for (const [name, main] of [
  ["sources", () => undefined],
  ["bundle", () => join(folder, "sidecar.mjs")],
] as const) {
  describe(`a server with a bad chain, and the sidecar's ${name}`, { timeout: 60_000 }, () => {
    for (const [flaw, options, cause] of [
      ["the root is foreign", { identity, headers: [rootOf(foreign)] }, "certificate"],
      ["the chain is over", { identity: over, headers: [rootOf(over)] }, "clock"],
    ] as const) {
      it(`learns no account and no key where ${flaw}`, async () => {
        server = await NoiseServer.start({ ...options });
        host = new TestHost(pairedVault(), main());
        const close = await host.state(await host.connect(server.url), "closed");
        assert.deepEqual([close["code"], close["cause"]], [null, cause]);
        await server.clientGone();
        const lengths = server.received.map(({ length }) => length);
        assert.deepEqual(lengths, [HELLO_BYTES]);
      });
    }

    it("hears more than the hello where the chain is good", async () => {
      server = await NoiseServer.start({ identity, headers: [rootOf(identity)] });
      host = new TestHost(new Vault(), main());
      await host.connect(server.url);
      await server.receivedFrames(2);
      assert.equal(host.received.filter(({ params }) => params["state"] === "closed").length, 0);
    });
  });
}

it("a refusal is told at once by a sidecar whose server ignores the close", async () => {
  server = await NoiseServer.start({ identity, headers: [rootOf(foreign)], readsOnlyHello: true });
  host = new TestHost(new Vault());
  const generation = await host.connect(server.url);
  const close = await host.next(
    "connection",
    (one) => one["generation"] === generation && one["state"] === "closed",
    4000,
  );
  assert.equal(close["cause"], "certificate");
  assert.match(host.errors, /certificate chain refused: intermediate signature/);
});

it("a server that offers no root is spoken to without a check", async () => {
  server = await NoiseServer.start({ identity: { ...identity, certificateChain: foreign.certificateChain } });
  host = new TestHost(new Vault());
  await host.connect(server.url);
  await server.receivedFrames(2);
});
