// How the simulated network and its phones behave until told otherwise.
import type { AddressKind } from "../stream/jids.ts";

export interface Options {
  ack_delay_ms: number;
  delivered_delay_ms: number;
  read_delay_ms: number;
  /** Whether a customer's receipts come from the phone number or from the hidden id. */
  receipts_as: AddressKind;
  /** The same for what a customer writes. */
  messages_as: AddressKind;
  /** How long each QR reference is valid after the one before it; 0 is as long as the connection. */
  qr_ms: number;
  /** How many QR references a connection is given. */
  refs: number;
}

export function defaultOptions(): Options {
  return {
    ack_delay_ms: 0,
    delivered_delay_ms: 0,
    read_delay_ms: 0,
    receipts_as: "pn",
    messages_as: "pn",
    qr_ms: 0,
    refs: 6,
  };
}
