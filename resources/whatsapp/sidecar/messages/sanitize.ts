// Sanitizes fields that customers' phones choose freely into the form that the wire promises.
import { createHash } from "node:crypto";

/** WhatsApp's own limit of a text; a line of the wire holds many times as much. */
const MAX_TEXT_UNITS = 65_536;
const MAX_NAME_UNITS = 200;
const MESSAGE_ID = /^[0-9A-Za-z._-]{1,64}$/;

/** Replaces half of a surrogate pair by U+FFFD, because Python reads no JSON that holds one. */
export function sanitizeText(text: string | null): string | null {
  return text === null ? null : text.slice(0, MAX_TEXT_UNITS).toWellFormed();
}

export function sanitizeName(name: string | null | undefined): string | null {
  return name ? name.slice(0, MAX_NAME_UNITS).toWellFormed() : null;
}

/** Returns the same id for the same message, also where its phone made it in another form. */
export function sanitizeId(id: string): string {
  return MESSAGE_ID.test(id) ? id : `X-${createHash("sha256").update(id).digest("hex").slice(0, 40)}`;
}
