// Vocabulary of the wire: methods, kinds, states, levels and error codes.

export const WIRE_VERSION = 8;
export const LINE_LIMIT_BYTES = 4 * 1024 * 1024;

export const METHODS_PYTHON_ASKS = [
  "ping",
  "connect",
  "disconnect",
  "logout",
  "pairing_code",
  "find_numbers",
  "mark_read",
  "send_text",
  "refresh_session",
  "reach_server",
  "read_history",
] as const;

export const METHODS_SIDECAR_ASKS = [
  "keys.get",
  "keys.set",
  "creds.save",
  "sent_text.get",
  "receipts",
  "inbound",
  "mappings",
  "chat_timers",
  "about_to_write",
  "history_notice",
] as const;

export const METHODS_SIDECAR_TELLS = [
  "connection",
  "qr",
  "pairing_notice",
  "restriction",
  "server_time",
  "offline_stanza",
  "offline_recorded",
] as const;

export const CONNECTION_STATES = ["connecting", "paired", "open", "drained", "closed"] as const;
/** Causes of a close that concern the network or this PC, never the account. */
export const CLOSE_CAUSES = [
  "no_internet",
  "name_resolution",
  "refused",
  "certificate",
  "clock",
  "service_down",
] as const;
export const RECEIPT_LEVELS = [
  "accepted",
  "rejected",
  "sender",
  "retry",
  "copy",
  "delivered",
  "read",
] as const;
export const INBOUND_KINDS = [
  "text",
  "image",
  "video",
  "audio",
  "document",
  "sticker",
  "reaction",
  "edit",
  "deletion",
  "unreadable",
  "other",
] as const;
export const REJECTED_KINDS = [
  "not_connected",
  "too_late",
  "no_devices",
  "restricted",
  "stale_session",
  "rate_limited",
  "refused",
  "transient",
] as const;
export const IN_DOUBT_REASONS = ["ack_timeout", "socket_closed", "keys_not_kept"] as const;
export const COULD_NOT_ASK_KINDS = ["not_connected", "timeout", "rate_limited", "refused"] as const;
export const HISTORY_OUTCOMES = ["read", "unusable", "failed"] as const;
export const PAIRING_NOTICE_KINDS = ["passkey", "registration_refresh"] as const;
export const RESTRICTION_KINDS = ["time_lock", "new_chat_cap"] as const;

export const BROWSERS = ["windows_chrome", "macos_chrome", "ubuntu_chrome"] as const;

export const ERROR_CODES = {
  wrong_version: 1001,
  address_refused: 1002,
  not_connected: 1003,
  code_refused: 1004,
  credentials_unreadable: 1005,
  invalid: -32602,
  unknown_method: -32601,
  failure: -32603,
} as const;

export type ErrorWord = keyof typeof ERROR_CODES;
