// Tests of the key store over the wire.
import assert from "node:assert/strict";
import { it } from "node:test";
import { proto } from "baileys";
import type { Wire } from "../protocol/wire.ts";
import { ManualClock } from "../testing/manual_clock.ts";
import { WireKeyStore } from "./key_store.ts";

function memoryWire(): { wire: Wire; rows: Map<string, string>; sets: unknown[] } {
  const rows = new Map<string, string>();
  const sets: unknown[] = [];
  const request = (method: string, params: Record<string, unknown>): Promise<unknown> => {
    if (method === "keys.set") {
      sets.push(params);
      const changes = params["changes"] as Record<string, Record<string, string | null>>;
      for (const [type, values] of Object.entries(changes)) {
        for (const [id, text] of Object.entries(values)) {
          if (text === null) rows.delete(`${type}/${id}`);
          else rows.set(`${type}/${id}`, text);
        }
      }
      return Promise.resolve({});
    }
    const { type, ids } = params as { type: string; ids: string[] };
    const found = ids.flatMap((id) => {
      const text = rows.get(`${type}/${id}`);
      return text === undefined ? [] : [[id, text]];
    });
    return Promise.resolve({ values: Object.fromEntries(found) as Record<string, string> });
  };
  return { wire: { request, emit: () => undefined } as unknown as Wire, rows, sets };
}

it("returns bytes as bytes and leaves out missing values", async () => {
  const { wire } = memoryWire();
  const keys = new WireKeyStore(wire, new ManualClock());
  await keys.set({ session: { a: Buffer.from([1, 2, 255]) }, "device-list": { "55": ["0", "7"] } });
  assert.deepEqual(await keys.get("session", ["a", "b"]), { a: Buffer.from([1, 2, 255]) });
  assert.deepEqual(await keys.get("device-list", ["55"]), { "55": ["0", "7"] });
});

it("sends one request for all types of a commit, and null for a deletion", async () => {
  const { wire, rows, sets } = memoryWire();
  const keys = new WireKeyStore(wire, new ManualClock());
  await keys.set({ "lid-mapping": { x: "y" }, session: { a: Buffer.from("s") } });
  await keys.set({ session: { a: null }, "lid-mapping": { z: "w" } });
  assert.equal(sets.length, 2);
  assert.deepEqual([...rows.keys()], ["lid-mapping/x", "lid-mapping/z"]);
});

it("makes a real protobuf message of an app state key", async () => {
  const { wire } = memoryWire();
  const keys = new WireKeyStore(wire, new ManualClock());
  const key = proto.Message.AppStateSyncKeyData.fromObject({ keyData: Buffer.from("k"), timestamp: 5 });
  await keys.set({ "app-state-sync-key": { id: key } });
  const { id } = await keys.get("app-state-sync-key", ["id"]);
  assert.ok(id instanceof proto.Message.AppStateSyncKeyData);
  assert.deepEqual(Buffer.from(id.keyData ?? []), Buffer.from("k"));
});

it("waits for the writes in flight", async () => {
  let answer: (value: unknown) => void = () => undefined;
  const request = (): Promise<unknown> => new Promise((resolve) => (answer = resolve));
  const keys = new WireKeyStore({ request, emit: () => undefined } as unknown as Wire, new ManualClock());
  const written = keys.set({ session: {} });
  let settled = false;
  const waiting = keys.settled().then(() => (settled = true));
  await new Promise(setImmediate);
  assert.equal(settled, false);
  answer({});
  await Promise.all([written, waiting]);
  assert.equal(settled, true);
});

it("asks once for a customer's missing token, until one is saved", async () => {
  const { wire } = memoryWire();
  const asked: string[] = [];
  const watched = {
    request: (method: string, params: never) => {
      asked.push(method);
      return wire.request(method as "keys.get", params);
    },
  };
  const keys = new WireKeyStore(watched as unknown as Wire, new ManualClock());
  assert.deepEqual(await keys.get("tctoken", ["a"]), {});
  assert.deepEqual(await keys.get("tctoken", ["a"]), {});
  assert.deepEqual(asked, ["keys.get"]);
  const token = { token: Buffer.from("t") };
  await keys.set({ tctoken: { a: token } });
  assert.deepEqual(await keys.get("tctoken", ["a"]), { a: token });
});

it("reads values that are still on their way to the disk", async () => {
  const request = (method: string): Promise<unknown> =>
    method === "keys.set" ? new Promise(() => undefined) : Promise.resolve({ values: { a: '"old"' } });
  const keys = new WireKeyStore({ request } as unknown as Wire, new ManualClock());
  void keys.set({ "lid-mapping": { a: "new", b: null } });
  assert.deepEqual(await keys.get("lid-mapping", ["a", "b"]), { a: "new" });
});
