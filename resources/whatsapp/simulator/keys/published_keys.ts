// Stores the Signal keys that a linked device publishes.
import { generateSignalPubKey, getBinaryNodeChildren } from "baileys";
import { verifySignature } from "libsignal/src/curve.js";
import { content, refusal, type Reply } from "../stream/reply.ts";
import {
  readPreKey,
  readRegistration,
  readSignedPreKey,
  keyNodes,
  registrationNode,
} from "../signal/bundle_nodes.ts";
import type { KeyBundle } from "../signal/device_keys.ts";
import { child, childBytes, node, type Node } from "../stream/nodes.ts";
import type { LinkedDevice } from "../world/linked_device.ts";
import type { Network } from "../world/network.ts";

function isSignedBy(identity: Uint8Array, key: KeyBundle["signedPreKey"]): boolean {
  const signer = Buffer.from(generateSignalPubKey(identity));
  return verifySignature(signer, Buffer.from(generateSignalPubKey(key.public)), Buffer.from(key.signature));
}

export function countPreKeys(_network: Network, device: LinkedDevice): Reply {
  return content(node("count", { value: device.preKeyCount.toString() }));
}

export function uploadPreKeys(_network: Network, device: LinkedDevice, iq: Node): Reply {
  const signedPreKey = readSignedPreKey(child(iq, "skey"));
  const sameIdentity = childBytes(iq, "identity").equals(device.identity);
  if (!sameIdentity || !isSignedBy(device.identity, signedPreKey)) {
    return refusal(406, "not-acceptable");
  }
  device.registrationId = readRegistration(iq);
  device.signedPreKey = signedPreKey;
  device.storePreKeys(getBinaryNodeChildren(child(iq, "list"), "key").map(readPreKey));
  return content();
}

export function rotateSignedPreKey(_network: Network, device: LinkedDevice, iq: Node): Reply {
  const signedPreKey = readSignedPreKey(child(child(iq, "rotate"), "skey"));
  if (!isSignedBy(device.identity, signedPreKey)) {
    return refusal(406, "not-acceptable");
  }
  device.signedPreKey = signedPreKey;
  return content();
}

export function digestKeys(_network: Network, device: LinkedDevice): Reply {
  const { registrationId, identity, signedPreKey } = device;
  const keys = keyNodes({ registrationId, identity, signedPreKey });
  return content(node("digest", {}, [registrationNode(registrationId), ...keys]));
}
