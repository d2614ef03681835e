// The admin request that injects a fault.
import { sendStreamError } from "../login/stream_error.ts";
import { userOf } from "../stream/jids.ts";
import { FAULT_KINDS, type Fault, type FaultKind } from "../world/faults.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { oneOf, phoneNumber, required, whole, type Fields } from "./fields.ts";

/** What happens at once and leaves nothing armed. */
const IMMEDIATE: Partial<Record<FaultKind, (network: Network) => void>> = {
  drop: (network) => {
    network.dropAll();
  },
  mute: (network) => {
    network.mute();
  },
  unmute: (network) => {
    network.unmute();
  },
  refuse_connections: (network) => {
    network.refusing = true;
  },
  accept_connections: (network) => {
    network.refusing = false;
  },
};

function strikeOpenConnections(network: Network): void {
  for (const [connection, peer] of network.connections) {
    const fault = peer instanceof LinkedDevice && network.faults.strike("stream_error", [peer.account.user]);
    if (fault) {
      sendStreamError(connection, fault.code);
    }
  }
}

export function armFault(network: Network, fields: Fields): object {
  const kind = required(oneOf(fields, "kind", FAULT_KINDS), "kind");
  const number = phoneNumber(fields, "number");
  const user = number && (network.world.byNumber(number)?.user ?? userOf(number));
  const device = whole(fields, "device");
  const target = user && device !== undefined ? `${user}:${device}` : user;
  const fault: Fault = { kind, times: whole(fields, "times", -1) ?? 1, code: whole(fields, "code"), target };
  const immediate = IMMEDIATE[kind];
  if (immediate) {
    immediate(network);
    return {};
  }
  network.faults.arm(fault);
  if (kind === "stream_error") {
    strikeOpenConnections(network);
  }
  return {};
}
