// Encrypts and decrypts WhatsApp messages for one simulated device with libsignal.
import { encodeWAMessage, generateSignalPubKey, proto, unpadRandomMax16 } from "baileys";
import { ProtocolAddress, SessionBuilder, SessionCipher } from "libsignal";
import type { KeyBundle } from "./device_keys.ts";
import type { SessionStore } from "./session_store.ts";

export type EncryptionType = "pkmsg" | "msg";

export interface Encrypted {
  readonly type: EncryptionType;
  readonly ciphertext: Buffer;
}

const PRE_KEY_WHISPER_MESSAGE = 3;

/** One address per device, also where its stanzas used several forms. */
export interface Peer {
  readonly lidUser: string;
  readonly device: number;
}

// libsignal's declarations demand a one-time pre-key; its code does without one.
type SessionSeed = Parameters<SessionBuilder["initOutgoing"]>[0];

function addressOf(peer: Peer): ProtocolAddress {
  return new ProtocolAddress(`${peer.lidUser}_1`, peer.device);
}

export async function decrypt(store: SessionStore, peer: Peer, sealed: Encrypted): Promise<proto.Message> {
  const cipher = new SessionCipher(store, addressOf(peer));
  const padded =
    sealed.type === "pkmsg"
      ? await cipher.decryptPreKeyWhisperMessage(sealed.ciphertext)
      : await cipher.decryptWhisperMessage(sealed.ciphertext);
  return proto.Message.decode(unpadRandomMax16(padded));
}

/** Encrypts in the session with the peer; `bundle` is called when there is no session yet. */
export async function encrypt(
  store: SessionStore,
  peer: Peer,
  message: proto.IMessage | Uint8Array,
  bundle: () => KeyBundle,
): Promise<Encrypted> {
  const address = addressOf(peer);
  if (!store.has(address.toString())) {
    await beginSession(store, peer, bundle());
  }
  const { type, body } = await new SessionCipher(store, address).encrypt(padded(message));
  return {
    type: type === PRE_KEY_WHISPER_MESSAGE ? "pkmsg" : "msg",
    ciphertext: Buffer.from(body, "binary"),
  };
}

/** Adds WhatsApp's padding, which for raw bytes is one byte that states its length. */
function padded(message: proto.IMessage | Uint8Array): Buffer {
  return message instanceof Uint8Array ? Buffer.concat([message, Buffer.of(1)]) : encodeWAMessage(message);
}

export async function beginSession(store: SessionStore, peer: Peer, bundle: KeyBundle): Promise<void> {
  const { registrationId, identity, signedPreKey, preKey } = bundle;
  const seed = {
    registrationId,
    identityKey: Buffer.from(generateSignalPubKey(identity)),
    signedPreKey: {
      keyId: signedPreKey.id,
      publicKey: Buffer.from(generateSignalPubKey(signedPreKey.public)),
      signature: signedPreKey.signature,
    },
    preKey: preKey && {
      keyId: preKey.id,
      publicKey: Buffer.from(generateSignalPubKey(preKey.public)),
    },
  };
  await new SessionBuilder(store, addressOf(peer)).initOutgoing(seed as SessionSeed);
}
