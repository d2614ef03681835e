// Signal sessions of one simulated device, in libsignal's interface.
import { SessionRecord, type SignalStorage } from "libsignal";
import { libsignalPair, type DeviceKeys } from "./device_keys.ts";

export class SessionStore implements SignalStorage {
  readonly #keys: DeviceKeys;
  // Serialized, so that a decryption that fails half-way leaves the stored record unchanged.
  readonly #sessions = new Map<string, Uint8Array>();

  constructor(keys: DeviceKeys) {
    this.#keys = keys;
  }

  has(address: string): boolean {
    return this.#sessions.has(address);
  }

  clear(): void {
    this.#sessions.clear();
  }

  loadSession(address: string): Promise<SessionRecord | undefined> {
    const stored = this.#sessions.get(address);
    return Promise.resolve(stored && SessionRecord.deserialize(stored));
  }

  storeSession(address: string, session: SessionRecord): Promise<void> {
    this.#sessions.set(address, session.serialize());
    return Promise.resolve();
  }

  isTrustedIdentity(): boolean {
    return true;
  }

  loadPreKey(id: number | string): Promise<{ privKey: Buffer; pubKey: Buffer } | undefined> {
    const pair = this.#keys.preKey(Number(id));
    return Promise.resolve(pair && libsignalPair(pair));
  }

  removePreKey(id: number): void {
    this.#keys.removePreKey(id);
  }

  loadSignedPreKey(): { privKey: Buffer; pubKey: Buffer } {
    return libsignalPair(this.#keys.signedPreKey.keyPair);
  }

  getOurRegistrationId(): number {
    return this.#keys.registrationId;
  }

  getOurIdentity(): { privKey: Buffer; pubKey: Buffer } {
    return libsignalPair(this.#keys.identity);
  }
}
