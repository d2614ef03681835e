// The signed device identity that a phone gives to a device it links, and the device's signature in return.
import { createHmac } from "node:crypto";
import { Curve, generateSignalPubKey, proto, type KeyPair } from "baileys";
import { verifySignature } from "libsignal/src/curve.js";
import { nowInSeconds } from "../stream/nodes.ts";
import type { Account } from "../world/account.ts";

const ACCOUNT_SIGNATURE_PREFIX = Buffer.from([6, 0]);
const DEVICE_SIGNATURE_PREFIX = Buffer.from([6, 1]);

export class Enrolment {
  readonly account: Account;
  readonly deviceId: number;
  readonly #companionIdentity: Uint8Array;
  readonly #phoneIdentity: KeyPair;
  readonly #details: Uint8Array;
  #settle: (linked: boolean) => void = () => undefined;
  /** Settles when the client has countersigned, or will not. */
  readonly outcome = new Promise<boolean>((resolve) => {
    this.#settle = resolve;
  });

  constructor(account: Account, companionIdentity: Uint8Array) {
    this.account = account;
    this.deviceId = account.nextDevice();
    this.#companionIdentity = companionIdentity;
    this.#phoneIdentity = account.phone.keys.identity;
    this.#details = proto.ADVDeviceIdentity.encode({
      rawId: account.phone.keys.registrationId,
      timestamp: Number(nowInSeconds()),
      keyIndex: this.deviceId,
      accountType: proto.ADVEncryptionType.E2EE,
      deviceType: proto.ADVEncryptionType.E2EE,
    }).finish();
  }

  /** The identity signed by the phone, authenticated with the secret that only the QR code shows. */
  sealedIdentity(advSecret: Uint8Array): Uint8Array {
    const signed = [ACCOUNT_SIGNATURE_PREFIX, this.#details, this.#companionIdentity];
    const details = proto.ADVSignedDeviceIdentity.encode({
      details: this.#details,
      accountSignatureKey: this.#phoneIdentity.public,
      accountSignature: Curve.sign(this.#phoneIdentity.private, Buffer.concat(signed)),
    }).finish();
    const hmac = createHmac("sha256", advSecret).update(details).digest();
    return proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac }).finish();
  }

  settle(linked: boolean): void {
    this.#settle(linked);
  }

  isCountersigned(deviceIdentity: Uint8Array): boolean {
    const { details, deviceSignature } = proto.ADVSignedDeviceIdentity.decode(deviceIdentity);
    if (!details || deviceSignature?.length !== 64 || !Buffer.from(this.#details).equals(details)) {
      return false;
    }
    const signed = [
      DEVICE_SIGNATURE_PREFIX,
      this.#details,
      this.#companionIdentity,
      this.#phoneIdentity.public,
    ];
    const key = Buffer.from(generateSignalPubKey(this.#companionIdentity));
    return verifySignature(key, Buffer.concat(signed), deviceSignature);
  }
}
