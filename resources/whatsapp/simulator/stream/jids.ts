// WhatsApp addresses: a user by phone number (PN) or by hidden id (LID), and one of its devices.
export type AddressKind = "pn" | "lid";

export interface Address {
  readonly kind: AddressKind;
  readonly user: string;
  readonly device: number;
}

const JID = /^(\d+)(?::(\d+))?@(s\.whatsapp\.net|lid)$/;

export function parseJid(text: string): Address | undefined {
  const match = JID.exec(text);
  if (!match?.[1]) {
    return undefined;
  }
  return { kind: match[3] === "lid" ? "lid" : "pn", user: match[1], device: Number(match[2] ?? 0) };
}

function jid(user: string, device: number, server: string): string {
  return device === 0 ? `${user}@${server}` : `${user}:${device}@${server}`;
}

export function pnJid(user: string, device = 0): string {
  return jid(user, device, "s.whatsapp.net");
}

export function lidJid(user: string, device = 0): string {
  return jid(user, device, "lid");
}

export function userOf(number: string): string {
  return number.replace(/^\+/, "");
}

export function numberOf(user: string): string {
  return `+${user}`;
}
