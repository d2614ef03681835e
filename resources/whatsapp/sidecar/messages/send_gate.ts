// Last gate before a message's bytes leave; records for which devices it was encrypted.
import { AsyncLocalStorage } from "node:async_hooks";
import type { BinaryNode, SignalDataTypeMap, SignalKeyStore, SocketConfig } from "baileys";
import { log } from "../log.ts";
import { signMessage } from "./cs_token.ts";

export interface SendGate {
  /** Last nodes of the stanza; Baileys reads them after the token's look-up, whose result may still add one. */
  readonly additionalNodes: BinaryNode[];
  /** Called when a ciphertext for this device is in the stanza. */
  onEncrypted(deviceJid: string): void;
  /** Throws when the message must not leave any more; once it returns, the message counts as written. */
  beforeWrite(): void;
  /** Called when the message's ratchets are on their way to the disk. */
  onKeySave(saved: Promise<void>): void;
}

const currentGate = new AsyncLocalStorage<SendGate>();

/** Runs a send with a gate that all of Baileys' work for this send passes, and no other. */
export function runWithGate<T>(gate: SendGate, send: () => Promise<T>): Promise<T> {
  return currentGate.run(gate, send);
}

/** Returns the gate of the message that Baileys is working on, if there is one. */
export function activeGate(): SendGate | undefined {
  return currentGate.getStore();
}

/**
 * Baileys offers no hook on the stanza. Every `<to>` it writes is the return value of one `encryptMessage`, so the
 * devices counted here are the stanza's.
 */
export function gateRepository(
  make: SocketConfig["makeSignalRepository"],
): SocketConfig["makeSignalRepository"] {
  return (...args) => {
    const repository = make(...args);
    const encrypt = repository.encryptMessage.bind(repository);
    return {
      ...repository,
      encryptMessage: async (options) => {
        const encrypted = await encrypt(options);
        currentGate.getStore()?.onEncrypted(options.jid);
        return encrypted;
      },
    };
  };
}

/**
 * The contact's token is the last value that Baileys looks up: after all encryption and every query, with no further
 * network or store in front of the socket's write. Throwing there also rolls the ratchet back.
 */
export function gateKeys(keys: SignalKeyStore): SignalKeyStore {
  return {
    get: async (type, ids) => {
      const values = await keys.get(type, ids);
      const gate = type === "tctoken" ? currentGate.getStore() : undefined;
      if (gate === undefined) return values;
      const [customer] = ids;
      if (customer !== undefined) await addSignature(gate, keys, customer, values[customer]);
      gate.beforeWrite();
      return values;
    },
    set: (changes) => keys.set(changes),
  };
}

/** A failure here holds no message back: it goes without its signature. */
async function addSignature(
  gate: SendGate,
  keys: SignalKeyStore,
  customer: string,
  token: unknown,
): Promise<void> {
  if (gate.additionalNodes.some(({ tag }) => tag === "cstoken")) return;
  try {
    const node = await signMessage(keys, customer, token as SignalDataTypeMap["tctoken"] | undefined);
    if (node !== null) gate.additionalNodes.push(node);
  } catch (error) {
    log.warn({ error }, "message not signed");
  }
}

/**
 * Baileys holds one lock on the account until a message's ratchets are saved, and no other message is encrypted
 * meanwhile. For a text of ours the lock is released at once: its sender waits for the disk before it reports an
 * outcome.
 */
export function saveKeysInBackground(keys: SignalKeyStore): SignalKeyStore {
  return {
    get: (type, ids) => keys.get(type, ids),
    set: (changes) => {
      const saved = Promise.resolve(keys.set(changes));
      const gate = currentGate.getStore();
      if (gate === undefined) return saved;
      gate.onKeySave(saved);
      return Promise.resolve();
    },
  };
}
