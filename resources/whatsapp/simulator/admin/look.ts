// Admin requests that look at the phones and at the counters.
import { numberOf } from "../stream/jids.ts";
import { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Bubble } from "../world/inbox.ts";
import type { Network } from "../world/network.ts";
import { BadRequest, phoneNumber, required, type Fields } from "./fields.ts";

function devicesOf(holder: Account | Contact) {
  return holder instanceof Account ? [holder.phone] : holder.devices;
}

/** The phone, or the companion named in the query. */
function bubblesOf(network: Network, holder: Account | Contact, device: number): object[] {
  const bubbles: Bubble[] = devicesOf(holder)[device]?.inbox.bubbles() ?? [];
  return bubbles.map(({ chat, id, from, to, text, shown, types }) => {
    const wire = network.wireLog.times(from.slice(1), chat, id);
    return { id, text, shown, wire, types, from, to };
  });
}

function deviceIn(fields: Fields): number {
  const device = Number(fields["device"] ?? 0);
  if (!Number.isSafeInteger(device) || device < 0) {
    throw new BadRequest("device is not acceptable");
  }
  return device;
}

export function showInbox(network: Network, fields: Fields): object {
  const holder = network.world.byNumber(required(phoneNumber(fields, "number"), "number"));
  if (!holder) {
    throw new BadRequest("nobody has this number");
  }
  return { messages: bubblesOf(network, holder, deviceIn(fields)) };
}

export function showAll(network: Network, fields: Fields): object {
  const device = deviceIn(fields);
  const holders = [...network.world.accounts, ...network.world.contacts];
  const messages = holders.flatMap((holder) =>
    bubblesOf(network, holder, device).map((bubble) => ({ number: holder.number, ...bubble })),
  );
  const undecryptable = holders.flatMap(devicesOf).reduce((sum, { undecryptable: own }) => sum + own, 0);
  return { messages, wire_repeats: network.wireLog.repeats, undecryptable };
}

/** `after` names how many entries the asker has seen already. */
export function showStanzas(network: Network, fields: Fields): object {
  const known = Number(fields["after"] ?? 0);
  if (!Number.isSafeInteger(known) || known < 0) {
    throw new BadRequest("after is not acceptable");
  }
  const entries = network.wireLog.after(known);
  return { entries: entries.map(({ what, chat, id }) => ({ what, id, number: numberOf(chat) })) };
}

export function showStats(network: Network): object {
  return { ...network.tallies, wire_repeats: network.wireLog.repeats };
}
