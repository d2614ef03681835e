// Brings what customers' phones chose freely into the form that the wire promises.
import { createHash } from "node:crypto";

/** As long as WhatsApp lets a text be; a line of the wire holds it many times over. */
const MAX_TEXT_UNITS = 65_536;
const MAX_NAME_UNITS = 200;
const MESSAGE_ID = /^[0-9A-Za-z._-]{1,64}$/;

/** Half of a surrogate pair becomes U+FFFD: Python reads no JSON that holds one. */
export function sanitizeText(text: string | null): string | null {
  return text === null ? null : text.slice(0, MAX_TEXT_UNITS).toWellFormed();
}

export function sanitizeName(name: string | null | undefined): string | null {
  return name ? name.slice(0, MAX_NAME_UNITS).toWellFormed() : null;
}

/** The same id for the same message, whatever its phone made of it. */
export function sanitizeId(id: string): string {
  return MESSAGE_ID.test(id) ? id : `X-${createHash("sha256").update(id).digest("hex").slice(0, 40)}`;
}
