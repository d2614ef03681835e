// Tells Python which customers' messages waited at WhatsApp, before any is decrypted, until each is recorded.
import { getBinaryNodeChildren, type BinaryNode } from "baileys";
import type { Connection } from "../session/connection.ts";
import { numberOfJid } from "./account_ids.ts";
import { isOwn } from "./recipients.ts";
import { addressesIn, isPerson, phoneOfLid } from "./sender.ts";
import { sanitizeId } from "./sanitize.ts";

const DECRYPTED_TYPES = new Set<string | undefined>(["msg", "pkmsg"]);

export class OfflineMessageTracker {
  readonly #connection: Connection;
  readonly #ids = new Set<string>();
  readonly #waiters: (() => void)[] = [];

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Reports a stanza that waited at WhatsApp; a customer's message is unread until `settle`. */
  add(node: BinaryNode): void {
    if (node.attrs["offline"] === undefined) return;
    const { id } = node.attrs;
    const sender = addressesIn(node);
    const names = sender.number !== null || sender.lid !== null;
    if (!id || !names || !this.#isUnread(node)) {
      this.#connection.emit("offline_stanza", { message: null });
      return;
    }
    this.#ids.add(id);
    this.#emitUnread(id, sender);
    if (sender.number === null && sender.lid !== null) void this.#emitNumber(id, sender.lid);
  }

  /** Marks a message as recorded by Python, or as one that Python is not told of. */
  settle(id: string): void {
    if (!this.#ids.delete(id)) return;
    this.#connection.emit("offline_recorded", { message_id: sanitizeId(id) });
    if (this.#ids.size === 0) for (const call of this.#waiters.splice(0)) call();
  }

  whenEmpty(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#ids.size === 0) resolve();
      else this.#waiters.push(resolve);
    });
  }

  /** Without a ciphertext for this device there is nothing to wait for: Baileys asks the phone for the message. */
  #isUnread(node: BinaryNode): boolean {
    const { from } = node.attrs;
    if (node.tag !== "message" || !isPerson(from) || isOwn(this.#connection.sock, from ?? "")) return false;
    return getBinaryNodeChildren(node, "enc").some(({ attrs }) => DECRYPTED_TYPES.has(attrs["type"]));
  }

  #emitUnread(id: string, sender: { number: string | null; lid: string | null }): void {
    this.#connection.emit("offline_stanza", { message: { message_id: sanitizeId(id), ...sender } });
  }

  /** An order has the number; the writer's own stanza may name the account id alone. */
  async #emitNumber(id: string, lid: string): Promise<void> {
    const number = numberOfJid((await phoneOfLid(this.#connection.sock, lid)) ?? undefined);
    if (number !== null && this.#ids.has(id)) this.#emitUnread(id, { number, lid });
  }
}
