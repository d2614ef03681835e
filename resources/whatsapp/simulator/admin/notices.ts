// Admin requests that make the server send notices to programs.
import { randomBytes } from "node:crypto";
import { preKeysLow } from "../notices/encrypt.ts";
import { appStateChanged } from "../notices/app_state.ts";
import { dirty, edgeRouting } from "../notices/stream_hints.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { Conflict } from "../world/conflict.ts";
import { required, phoneNumber, text, wholeNumber } from "./fields.ts";
import { route } from "./route.ts";
import { accountNamed } from "./lookup.ts";

const ROUTING_BYTES = 12;

function programsOf(network: Network, number: string | undefined): LinkedDevice[] {
  return [...accountNamed(network, number).linkedDevices.values()];
}

function pushToOnline(programs: LinkedDevice[], push: (program: LinkedDevice) => boolean) {
  const devices = programs.filter(push).length;
  if (devices === 0) {
    throw new Conflict("no program is logged in");
  }
  return { devices };
}

function pushEdgeRouting(program: LinkedDevice): boolean {
  const routing = randomBytes(ROUTING_BYTES);
  const pushed = program.push(edgeRouting(routing));
  program.routing = pushed ? routing : program.routing;
  return pushed;
}

export const NOTICE_ROUTES = [
  route(
    "POST /pre-keys-low",
    {
      takes: { count: required(wholeNumber()), number: phoneNumber },
      description:
        "every program of the account is notified that so many of its pre-keys are left; it also happens by itself below five",
    },
    (network, { count, number }) => {
      for (const program of programsOf(network, number)) {
        program.deliver(preKeysLow(count));
      }
      return {};
    },
  ),
  route(
    "POST /server-sync",
    {
      takes: { collection: text, number: phoneNumber },
      description:
        "somebody touches a chat on the shop's phone (a label, the archive): every program of the account is notified that this part of the app state has changed (default `regular_high`); Baileys then asks for it (`w:sync:app:state set sync`), under the lock that its sends need",
    },
    (network, { collection = "regular_high", number }) => {
      for (const program of programsOf(network, number)) {
        program.deliver(appStateChanged(collection));
      }
      return {};
    },
  ),
  route(
    "POST /dirty",
    {
      takes: { type: text, number: phoneNumber },
      answers: "{devices}",
      description:
        "the programs that are logged in are told that something has changed (default `account_sync`)",
    },
    (network, { type = "account_sync", number }) =>
      pushToOnline(programsOf(network, number), (program) => program.push(dirty(type))),
  ),
  route(
    "POST /edge-routing",
    {
      takes: { number: phoneNumber },
      answers: "{devices}",
      description:
        "the programs that are logged in are told how to be routed next time; `routed` in the counters is how many logins came with just these bytes in front",
    },
    (network, { number }) => pushToOnline(programsOf(network, number), pushEdgeRouting),
  ),
];
