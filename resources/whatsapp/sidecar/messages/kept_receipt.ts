// Gives Python what was heard about one of our messages, and learns whether it is on disk.
import { log } from "../log.ts";
import type { Questions } from "../protocol/questions.ts";
import type { Wire } from "../protocol/wire.ts";

export type Receipt = Questions["receipt"];

/** Resolves once Python has answered, which it never does when it is gone; never rejects. */
export async function keptReceipt(wire: Wire, receipt: Receipt): Promise<boolean> {
  try {
    await wire.ask("receipt", receipt);
    return true;
  } catch (error) {
    log.warn({ error }, "receipt not kept");
    return false;
  }
}
