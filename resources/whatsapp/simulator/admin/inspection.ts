// Admin requests that read the phones, the wire and the counters.
import { numberOf } from "../stream/jids.ts";
import type { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { Network } from "../world/network.ts";
import { BadRequest, queryNumber, required, phoneNumber } from "./fields.ts";
import { route } from "./route.ts";
import { accountNamed } from "./lookup.ts";

/** Returns the bubbles of the phone, or of the companion named in the query. */
function bubblesOf(network: Network, holder: Account | Contact, device: number): object[] {
  const bubbles = holder.devices.find(({ id }) => id === device)?.inbox.bubbles() ?? [];
  return bubbles.map(({ chat, id, from, to, text, shown, types, expiration, stays }) => {
    const wire = network.wireLog.times(from.slice(1), chat, id);
    return { id, text, shown, wire, types, from, to, expiration, stays };
  });
}

function showInbox(network: Network, number: string, device = 0) {
  const holder = network.world.byNumber(number);
  if (!holder) {
    throw new BadRequest("nobody has this number");
  }
  return { messages: bubblesOf(network, holder, device) };
}

function showAll(network: Network, device = 0) {
  const holders = [...network.world.accounts, ...network.world.contacts];
  const messages = holders.flatMap((holder) =>
    bubblesOf(network, holder, device).map((bubble) => ({ number: holder.number, ...bubble })),
  );
  const everyDevice = holders.flatMap(({ devices }) => devices);
  const undecryptable = everyDevice.reduce((sum, { undecryptable: own }) => sum + own, 0);
  return { messages, wire_repeats: network.wireLog.repeats, undecryptable };
}

function showStanzas(network: Network, known: number) {
  const entries = network.wireLog.after(known);
  return { entries: entries.map(({ what, chat, id, at }) => ({ what, id, number: numberOf(chat), at })) };
}

function showDevices(network: Network, number: string | undefined) {
  const { phone, companions, linkedDevices } = accountNamed(network, number);
  const played = [phone, ...companions.values()].map(({ id }) => ({ device: id, played: true }));
  const programs = [...linkedDevices.values()].map((program) => ({
    device: program.id,
    played: false,
    online: program.connection !== undefined,
    pre_keys: program.preKeyCount,
    waiting: program.unacknowledged().length,
  }));
  return { devices: [...played, ...programs] };
}

function showCertificate({ identity }: Network) {
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");
  return { root: base64(identity.root.public), chain: base64(identity.certificateChain) };
}

export const INSPECTION_ROUTES = [
  route(
    "GET /inbox",
    {
      takes: { number: required(phoneNumber), device: queryNumber },
      answers: "{messages: [{id, text, shown, wire, types, from, to, expiration, stays}]}",
      description:
        "what that phone shows, or one of its companions: `shown` bubbles, `wire` times on the wire, `types` how each decrypted copy was encrypted. The shop's own devices show their copies; `to` is the customer's number; `expiration` is after how many seconds the message disappears (0 for never), `stays` that the phone says it will not although the chat has a timer",
    },
    (network, { number, device }) => showInbox(network, number, device),
  ),
  route(
    "GET /messages",
    {
      takes: { device: queryNumber },
      answers: "{messages, wire_repeats, undecryptable}",
      description: "the same for all phones, the shop's own too, each with `number`",
    },
    (network, { device }) => showAll(network, device),
  ),
  route(
    "GET /account/read",
    {
      takes: { number: phoneNumber },
      answers: "{messages: [{number, id, type}]}",
      description:
        "the customers' messages that the account's programs have marked as read, in order: `read` shows the customer so, `read-self` only the shop's own devices",
    },
    (network, { number }) => ({ messages: accountNamed(network, number).readMarks }),
  ),
  route(
    "GET /wire",
    {
      takes: {},
      answers: "{messages: [{from, to, id, times, token}]}",
      description:
        "the server's own record of what the shops sent, in the order of the first time; `token` names what let it pass a time lock: `tctoken`, `cstoken`, null",
    },
    (network) => ({ messages: network.wireLog.all() }),
  ),
  route(
    "GET /stanzas",
    {
      takes: { after: queryNumber },
      answers: "{entries: [{what, id, number, at}]}",
      description:
        "what was on the wire, in order and without the first `after` entries; `what` is `message` (taken on from the shop) or `ack` (sent to it), `at` in Unix milliseconds",
    },
    (network, { after }) => showStanzas(network, after ?? 0),
  ),
  route(
    "GET /devices",
    {
      takes: { number: phoneNumber },
      answers: "{devices: [{device, played, online?, pre_keys?, waiting?}]}",
      description:
        "the account's devices: those that the simulator plays, and programs with their connection, their pre-keys at the server, and what waits for them",
    },
    (network, { number }) => showDevices(network, number),
  ),
  route(
    "GET /stats",
    {
      takes: {},
      answers:
        "{connections, logins, pairings, messages, strays, wire_repeats, keys_reused, acks, receipts, retries, iqs, routed, downloads}",
      description:
        "the counters since the start; `strays` are copies for devices that do not exist, `retries` is how often a program asked for a message again",
    },
    (network) => ({
      ...network.counters,
      wire_repeats: network.wireLog.repeats,
      keys_reused: network.messageKeys.reuses.length,
    }),
  ),
  route(
    "GET /keys-reused",
    {
      takes: {},
      answers: "{reuses: [{from, to, id, counter, first}]}",
      description:
        "each message key that encrypted two different texts: the devices (`user:device`), the message, and the one for which the key was used `first`",
    },
    (network) => ({ reuses: network.messageKeys.reuses }),
  ),
  route(
    "GET /certificate",
    {
      takes: {},
      answers: "{root, chain}",
      description:
        "the root's public key (32 bytes) and the chain that it signed, both in base64: root, intermediate, leaf with the server's static key",
    },
    showCertificate,
  ),
];
