// Stops a message at the last moment before its bytes leave, and knows for which devices it was encrypted.
import { AsyncLocalStorage } from "node:async_hooks";
import type { SignalKeyStore, SocketConfig } from "baileys";

export interface Outgoing {
  /** A ciphertext for this device is in the stanza. */
  encryptedFor(deviceJid: string): void;
  /** Throws when the message must not leave any more; from its return on the message counts as written. */
  beforeWrite(): void;
  /** Its ratchets are on their way to the disk. */
  saving(saved: Promise<void>): void;
}

const outgoing = new AsyncLocalStorage<Outgoing>();

/** Everything Baileys does for this send, and for no other, passes `message`'s gate. */
export function throughGate<T>(message: Outgoing, send: () => Promise<T>): Promise<T> {
  return outgoing.run(message, send);
}

/** The one that Baileys is working for, if it is. */
export function messageOnItsWay(): Outgoing | undefined {
  return outgoing.getStore();
}

/**
 * Baileys offers no hook on the stanza. Every `<to>` it writes is the return value of one `encryptMessage`, so the
 * devices counted here are the stanza's.
 */
export function gatedRepository(
  make: SocketConfig["makeSignalRepository"],
): SocketConfig["makeSignalRepository"] {
  return (...args) => {
    const repository = make(...args);
    const encrypt = repository.encryptMessage.bind(repository);
    return {
      ...repository,
      encryptMessage: async (options) => {
        const encrypted = await encrypt(options);
        outgoing.getStore()?.encryptedFor(options.jid);
        return encrypted;
      },
    };
  };
}

/**
 * The contact's token is the last thing Baileys looks up: after all encryption and every query, with no further
 * network or store in front of the socket's write. Throwing there also rolls the ratchet back.
 */
export function gatedKeys(keys: SignalKeyStore): SignalKeyStore {
  return {
    get: async (type, ids) => {
      const values = await keys.get(type, ids);
      if (type === "tctoken") outgoing.getStore()?.beforeWrite();
      return values;
    },
    set: (changes) => keys.set(changes),
  };
}

/**
 * Baileys holds one lock on the account until a message's ratchets are saved, and no other message is encrypted
 * meanwhile. For a text of ours the lock is let go at once: whoever sends it waits for the disk before telling anybody.
 */
export function savedBehind(keys: SignalKeyStore): SignalKeyStore {
  return {
    get: (type, ids) => keys.get(type, ids),
    set: (changes) => {
      const saved = Promise.resolve(keys.set(changes));
      const message = outgoing.getStore();
      if (message === undefined) return saved;
      message.saving(saved);
      return Promise.resolve();
    },
  };
}
