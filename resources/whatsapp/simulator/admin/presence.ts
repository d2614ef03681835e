// Admin request that reads whether the shop's phone rings while programs are linked.
import type { Account } from "../world/account.ts";
import { phoneNumber } from "./fields.ts";
import { accountNamed } from "./lookup.ts";
import { route } from "./route.ts";

/** WhatsApp notifies the phone of new messages unless a linked device is available. */
function showPresence({ linkedDevices }: Account) {
  const programs = [...linkedDevices.values()];
  const devices = programs.map(({ id, presence, presenceName, availableCount }) => ({
    device: id,
    presence: presence ?? null,
    name: presenceName ?? null,
    available_count: availableCount,
  }));
  return { rings: programs.every(({ presence }) => presence !== "available"), devices };
}

export const PRESENCE_ROUTES = [
  route(
    "GET /presence",
    {
      takes: { number: phoneNumber },
      answers: "{rings, devices: [{device, presence, name, available_count}]}",
      description:
        "whether the shop's phone would ring for a new message, and the last presence of each program on its connection (without a type it is `available`), with the name in it and how often it was `available` so far",
    },
    (network, { number }) => showPresence(accountNamed(network, number)),
  ),
];
