// Options of the simulated network and its phones, with their defaults.
import type { AddressKind } from "../stream/jids.ts";

export interface Options {
  ack_delay_ms: number;
  delivered_delay_ms: number;
  read_delay_ms: number;
  /** How long after each other the stanzas come that waited for a program; 0 is all at once. */
  offline_gap_ms: number;
  /** Whether a customer's receipts come from the phone number or from the hidden id. */
  receipts_as: AddressKind;
  /** The same for a customer's messages. */
  messages_as: AddressKind;
  /** How long each QR reference is valid after the one before it; 0 is as long as the connection. */
  qr_ms: number;
  /** How many QR references a connection is given. */
  refs: number;
  /** The account asks for a passkey: the phone takes a QR code or pairing code and stops there. */
  passkey: boolean;
  /** The phone retires the secret of the first QR code that it scans. */
  refresh_on_scan: boolean;
  /** The phone links only programs that say they run on this system; empty: on any. */
  links_only: string;
  /** How the phone pushes its chats to a device after that one's first login: inline, media, both, or off. */
  history: string;
  /** In a time lock the server takes a signed message without a privacy token. */
  cstoken: boolean;
}

export function defaultOptions(): Options {
  return {
    ack_delay_ms: 0,
    delivered_delay_ms: 0,
    read_delay_ms: 0,
    offline_gap_ms: 0,
    receipts_as: "pn",
    messages_as: "pn",
    qr_ms: 0,
    refs: 6,
    passkey: false,
    refresh_on_scan: false,
    links_only: "",
    history: "off",
    cstoken: false,
  };
}
