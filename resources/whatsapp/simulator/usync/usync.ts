// Answers usync: which numbers are on WhatsApp, under which address and hidden id, with which devices.
import { getAllBinaryNodeChildren, getBinaryNodeChild, getBinaryNodeChildren } from "baileys";
import { content, refusal, type Reply } from "../stream/reply.ts";
import { lidJid, parseJid, pnJid } from "../stream/jids.ts";
import { child, contentBytes, node, nowInSeconds, type Node } from "../stream/nodes.ts";
import { Account } from "../world/account.ts";
import type { Contact } from "../world/contact.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";

type Person = Account | Contact;

/** Server of a number's address in older programs. */
const OLDER_SERVER = /@c\.us$/;

/** In a `usync_error` fault: the query stays without an answer. */
const NO_ANSWER = 0;

function isRegistered(person: Person | undefined): person is Person {
  return person !== undefined && (person instanceof Account || person.exists);
}

function deviceIds(person: Person): number[] {
  return person instanceof Account ? person.deviceIds : person.devices.map((device) => device.id);
}

function deviceList(person: Person): Node {
  const devices = deviceIds(person).map((id) => {
    const text = id.toString();
    return node("device", { id: text, "key-index": id === 0 ? undefined : text });
  });
  return node("devices", {}, [
    node("device-list", {}, devices),
    node("key-index-list", { ts: nowInSeconds() }),
  ]);
}

function answerProtocol(protocol: string, { person, asked }: ResolvedUser): Node {
  if (protocol === "contact") {
    return node("contact", { type: isRegistered(person) ? "in" : "out" }, asked && Buffer.from(asked));
  }
  if (!isRegistered(person)) {
    return node(protocol, {}, []);
  }
  if (protocol === "devices") {
    return deviceList(person);
  }
  return protocol === "lid" ? node("lid", { val: toldLid(person) }) : node(protocol, {}, []);
}

function toldLid(person: Person): string | undefined {
  return person instanceof Account || person.isLidTold ? lidJid(person.lidUser) : undefined;
}

interface ResolvedUser {
  readonly jid: string;
  readonly person: Person | undefined;
  /** Number as the query spells it, which the answer repeats. */
  readonly asked?: string;
}

/**
 * Resolves the user of a query: a number in either form, with a plus or as the older address `…@c.us`; another address
 * only as it is.
 */
function resolve(network: Network, user: Node): ResolvedUser {
  const { jid } = user.attrs;
  if (jid !== undefined) {
    const address = jid.replace(OLDER_SERVER, "@s.whatsapp.net");
    return { jid: address, person: network.world.byJid(address) };
  }
  const contact = getBinaryNodeChild(user, "contact");
  const asked = contact?.content === undefined ? "" : contentBytes(contact).toString();
  const number = asked.replace(OLDER_SERVER, "");
  const person = network.world.byNumber(number);
  return { jid: pnJid(person?.user ?? number.replace(/\D/g, "")), person, asked };
}

function answerUser(user: ResolvedUser, protocols: string[]): Node {
  const answers = protocols
    .map((protocol) => answerProtocol(protocol, user))
    .filter((answer) => answer.tag !== "lid" || answer.attrs["val"] !== undefined);
  return node("user", { jid: user.jid }, answers);
}

export function usync(network: Network, _device: LinkedDevice, iq: Node): Reply | undefined {
  const query = child(iq, "usync");
  const protocols = getAllBinaryNodeChildren(child(query, "query")).map(({ tag }) => tag);
  const asked = getBinaryNodeChildren(child(query, "list"), "user").map((user) => resolve(network, user));
  const users = asked.map(({ jid, person }) => person?.user ?? parseJid(jid)?.user ?? "");
  const fault = network.faults.trigger("usync_error", users);
  if (fault) {
    return fault.code === NO_ANSWER ? undefined : refusal(fault.code ?? 429, "rate-overlimit");
  }
  const answers = asked.map((one) => answerUser(one, protocols));
  const { sid } = query.attrs;
  return content(node("usync", { sid }, [node("result"), node("list", {}, answers)]));
}
