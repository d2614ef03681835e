// Tests of the look at the server's port.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type AddressInfo, type LookupFunction } from "node:net";
import { it } from "node:test";
import { ServerReach } from "./reach_server.ts";

type Done = Parameters<LookupFunction>[2];

const failure = (code: string): NodeJS.ErrnoException => Object.assign(new Error(), { code });
/** Resolves every name as the test says. */
const resolving =
  (answer: (done: Done) => void): LookupFunction =>
  (_name, _options, done) => {
    answer(done);
  };

it("reaches a port that listens, sends nothing, and does not reach one that is closed", async () => {
  const heard: string[] = [];
  const server = createServer((socket) => socket.on("data", (data) => heard.push(data.toString())));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const address = `ws://127.0.0.1:${port}/ws/chat`;
  assert.equal(await new ServerReach().reach(address, 1000), true);
  server.close();
  await once(server, "close");
  assert.equal(await new ServerReach().reach(address, 1000), false);
  assert.deepEqual(heard, []);
});

it("does not reach a name that does not resolve", async () => {
  const unknown = resolving((done) => {
    done(failure("ENOTFOUND"), "");
  });
  assert.equal(await new ServerReach(unknown).reach("wss://name.invalid/ws", 1000), false);
});

it("asks for no name a second time while the first answer is awaited", async () => {
  let asked = 0;
  let answer: Done = () => undefined;
  const silent = resolving((done) => {
    asked += 1;
    answer = done;
  });
  const reach = new ServerReach(silent);
  assert.equal(await reach.reach("wss://name.invalid/ws", 1), false);
  assert.equal(await reach.reach("wss://name.invalid/ws", 1), false);
  assert.equal(asked, 1);
  answer(failure("EAI_AGAIN"), "");
  assert.equal(await reach.reach("wss://name.invalid/ws", 1), false);
  assert.equal(asked, 2);
});
