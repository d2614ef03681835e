// Logs a linked device in, or refuses it.
import type { proto } from "baileys";
import type { Connection } from "../stream/connection.ts";
import { node, nowInSeconds } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { sendStreamError } from "./stream_error.ts";

const LOCATION = "sim";
const UNKNOWN_DEVICE = 401;
const REPLACED = 440;

function rejectLogin(connection: Connection, reason: number, expireS?: number): void {
  const expire = expireS?.toString();
  connection.send(node("failure", { reason: reason.toString(), expire, location: LOCATION }));
  connection.end();
}

function findDevice(
  network: Network,
  payload: proto.ClientPayload,
  noiseKey: Uint8Array,
): LinkedDevice | undefined {
  const account = network.world.account(payload.username?.toString() ?? "");
  const device = account?.linkedDevices.get(payload.device ?? 0);
  return device && Buffer.from(device.noiseKey).equals(noiseKey) ? device : undefined;
}

export function logIn(
  network: Network,
  connection: Connection,
  payload: proto.ClientPayload,
  noiseKey: Uint8Array,
): void {
  const device = findDevice(network, payload, noiseKey);
  const failure = network.faults.trigger("login_failure", device ? [device.account.user] : []);
  if (!device || failure) {
    rejectLogin(connection, failure?.code ?? UNKNOWN_DEVICE, failure?.expireS);
    return;
  }
  if (device.routing.length > 0 && device.routing.equals(connection.routing)) {
    network.counters.routed += 1;
  }
  const previous = device.connection;
  device.connection = connection;
  device.active = false;
  device.presence = undefined;
  network.connections.set(connection, device);
  if (previous) {
    sendStreamError(previous, { code: REPLACED });
  }
  network.counters.logins += 1;
  connection.send(
    node("success", {
      t: nowInSeconds(),
      lid: device.lidJid,
      display_name: device.account.name,
      props: "27",
      abprops: "1",
      location: LOCATION,
    }),
  );
  const error = network.faults.trigger("stream_error", [device.account.user]);
  if (error) {
    sendStreamError(connection, error);
  }
}
