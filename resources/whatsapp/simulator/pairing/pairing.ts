// Links a device: references out, the phone's consent in, the signed identity, the countersignature, the restart.
import { randomUUID } from "node:crypto";
import { getBinaryNodeChild, type proto } from "baileys";
import { announceDevices } from "../notices/announce.ts";
import { lidJid, pnJid } from "../stream/jids.ts";
import type { Connection } from "../stream/connection.ts";
import { childBytes, node, nowInSeconds, SERVER, type Node } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";
import { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";
import { Enrolment } from "./enrolment.ts";
import { PairingAttempt, readRegistration } from "./pairing_attempt.ts";

const RESTART_REQUIRED = "515";

function serverRequest(content: Node): Node {
  const attrs = { from: SERVER, type: "set", xmlns: "md", id: randomUUID(), t: nowInSeconds() };
  return node("iq", attrs, [content]);
}

export function offerReferences(
  network: Network,
  connection: Connection,
  payload: proto.ClientPayload,
  noiseKey: Uint8Array,
): void {
  const registration = readRegistration(payload, noiseKey);
  if (!registration) {
    connection.drop();
    return;
  }
  const attempt = new PairingAttempt(connection, registration, network.options.refs);
  network.connections.set(connection, attempt);
  const references = attempt.references.map((reference) => node("ref", {}, Buffer.from(reference)));
  connection.send(serverRequest(node("pair-device", {}, references)));
}

/**
 * Links the device with the phone's consent. Resolves to its id, or to undefined when the phone does not link such a
 * client or the client does not countersign.
 */
export async function link(
  network: Network,
  attempt: PairingAttempt,
  account: Account,
  secret: Uint8Array,
): Promise<number | undefined> {
  const { links_only: only } = network.options;
  if (only && attempt.registration.system !== only) {
    return undefined;
  }
  const enrolment = new Enrolment(account, attempt.registration.identity);
  attempt.enrolment = enrolment;
  attempt.connection.send(pairSuccess(account, enrolment, secret));
  return (await enrolment.outcome) ? enrolment.deviceId : undefined;
}

function pairSuccess(account: Account, enrolment: Enrolment, advSecret: Uint8Array): Node {
  const { deviceId } = enrolment;
  const name = account.name ?? account.number;
  return serverRequest(
    node("pair-success", {}, [
      node("device-identity", {}, Buffer.from(enrolment.sealedIdentity(advSecret))),
      ...(account.business ? [node("biz", { name })] : []),
      node("platform", { name: account.business ? "smba" : "android" }),
      node("device", { jid: pnJid(account.user, deviceId), lid: lidJid(account.lidUser, deviceId) }),
    ]),
  );
}

/** Completes pair-success: with a good signature the device is linked and has to restart. */
export function finishPairing(network: Network, attempt: PairingAttempt, answer: Node): void {
  const signed = getBinaryNodeChild(answer, "pair-device-sign");
  const { enrolment, connection } = attempt;
  if (!signed || !enrolment) {
    return;
  }
  const accepted = enrolment.isCountersigned(childBytes(signed, "device-identity"));
  if (accepted) {
    const { account, deviceId } = enrolment;
    // The device itself is not told of its own link.
    announceDevices(account, [...account.deviceIds, deviceId]);
    account.linkedDevices.set(deviceId, new LinkedDevice(account, deviceId, attempt.registration));
    network.counters.pairings += 1;
    connection.send(node("stream:error", { code: RESTART_REQUIRED }));
  }
  connection.end();
  enrolment.settle(accepted);
}
