// Converts key bundles to the nodes of the wire, and back.
import { getBinaryNodeChild } from "baileys";
import { bigEndian, child, childBytes, node, type Node } from "../stream/nodes.ts";
import type { KeyBundle, PublicPreKey } from "./device_keys.ts";

const CURVE_TYPE = Buffer.from([5]);
const KEY_ID_BYTES = 3;
const REGISTRATION_BYTES = 4;

function preKeyNode(key: PublicPreKey): Node {
  return node("key", {}, [
    node("id", {}, bigEndian(key.id, KEY_ID_BYTES)),
    node("value", {}, Buffer.from(key.public)),
  ]);
}

export function registrationNode(registrationId: number): Node {
  return node("registration", {}, bigEndian(registrationId, REGISTRATION_BYTES));
}

/** type, identity, one-time pre-key, signed pre-key. */
export function keyNodes(bundle: KeyBundle): Node[] {
  const { signedPreKey, preKey } = bundle;
  return [
    node("type", {}, CURVE_TYPE),
    node("identity", {}, Buffer.from(bundle.identity)),
    ...(preKey ? [preKeyNode(preKey)] : []),
    node("skey", {}, [
      node("id", {}, bigEndian(signedPreKey.id, KEY_ID_BYTES)),
      node("value", {}, Buffer.from(signedPreKey.public)),
      node("signature", {}, Buffer.from(signedPreKey.signature)),
    ]),
  ];
}

export function bundleNodes(bundle: KeyBundle): Node[] {
  return [registrationNode(bundle.registrationId), ...keyNodes(bundle)];
}

export function readRegistration(from: Node): number {
  return childBytes(from, "registration").readUIntBE(0, REGISTRATION_BYTES);
}

export function readPreKey(from: Node): PublicPreKey {
  return { id: childBytes(from, "id").readUIntBE(0, KEY_ID_BYTES), public: childBytes(from, "value") };
}

export function readSignedPreKey(skey: Node): KeyBundle["signedPreKey"] {
  return { ...readPreKey(skey), signature: childBytes(skey, "signature") };
}

/** Reads the keys that a client attaches to its second retry receipt. */
export function readAttachedKeys(receipt: Node): KeyBundle | undefined {
  const keys = getBinaryNodeChild(receipt, "keys");
  if (!keys) {
    return undefined;
  }
  const preKey = getBinaryNodeChild(keys, "key");
  return {
    registrationId: readRegistration(receipt),
    identity: childBytes(keys, "identity"),
    signedPreKey: readSignedPreKey(child(keys, "skey")),
    preKey: preKey && readPreKey(preKey),
  };
}
