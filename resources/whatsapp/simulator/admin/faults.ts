// Admin requests that inject and end faults, or restart the server.
import { sendStreamError, STREAM_ERROR_CAUSES } from "../login/stream_error.ts";
import { userOf } from "../stream/jids.ts";
import { FAULT_KINDS, type Fault, type FaultKind } from "../world/faults.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { required, oneOf, phoneNumber, text, wholeNumber, type Read } from "./fields.ts";
import { route } from "./route.ts";

const FAULT = {
  kind: required(oneOf(FAULT_KINDS)),
  times: wholeNumber(-1),
  code: wholeNumber(),
  ms: wholeNumber(),
  expire_s: wholeNumber(),
  cause: oneOf(STREAM_ERROR_CAUSES),
  topic: text,
  number: phoneNumber,
  device: wholeNumber(),
};

const PORT_CLOSED_MS = 1000;

/** Faults that act at once and arm no entry. */
const IMMEDIATE_FAULTS: Partial<Record<FaultKind, (network: Network, ms?: number) => void>> = {
  drop: (network) => {
    network.dropAll();
  },
  mute: (network) => {
    network.line = "mute";
  },
  half_open: (network) => {
    network.line = "half_open";
  },
  silence: (network) => {
    network.line = "silent";
  },
  unmute: (network) => {
    network.line = "flowing";
  },
  refuse_connections: (network) => {
    network.refusing = true;
  },
  accept_connections: (network) => {
    network.refusing = false;
  },
  close_port: (network, ms = PORT_CLOSED_MS) => {
    network.closePort(ms);
  },
};

function failOpenConnections(network: Network): void {
  for (const [connection, peer] of network.connections) {
    const users = peer instanceof LinkedDevice ? [peer.account.user] : [];
    const fault = peer && network.faults.trigger("stream_error", users);
    if (fault) {
      sendStreamError(connection, fault);
    }
  }
}

function targetOf(network: Network, { number, device, topic }: Read<typeof FAULT>): string | undefined {
  const user = number && (network.world.byNumber(number)?.user ?? userOf(number));
  return user && device !== undefined ? `${user}:${device}` : (user ?? topic);
}

function armFault(network: Network, fields: Read<typeof FAULT>): object {
  const { kind, times = 1, code, ms, expire_s: expireS, cause } = fields;
  const immediate = IMMEDIATE_FAULTS[kind];
  if (immediate) {
    immediate(network, ms);
    return {};
  }
  const fault: Fault = { kind, times, code, ms, expireS, cause, target: targetOf(network, fields) };
  network.faults.arm(fault);
  if (kind === "stream_error") {
    failOpenConnections(network);
  }
  return {};
}

function disarmAll(network: Network): void {
  network.faults.disarmAll();
  network.refusing = false;
  network.line = "flowing";
}

export const FAULT_ROUTES = [
  route(
    "POST /fault",
    {
      takes: FAULT,
      description: `one of the faults below; \`times\` (default 1) counts down, −1 is until further notice, 0 ends it; \`number\` limits it to one customer or shop; \`cause\`: ${STREAM_ERROR_CAUSES.join(", ")}`,
    },
    armFault,
  ),
  route(
    "POST /disarm-all",
    {
      takes: {},
      description:
        "every fault ends: none is armed any more, the network flows and accepts connections; what was held back arrives as with `unmute`, options and restrictions stay",
    },
    (network) => {
      disarmAll(network);
      return {};
    },
  ),
  route("POST /restart", { takes: {}, description: "every socket is cut, the world stays" }, (network) => {
    network.dropAll();
    return {};
  }),
];
