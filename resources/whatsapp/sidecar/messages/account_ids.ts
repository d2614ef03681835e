// Parses addresses of WhatsApp into numbers and account ids (LIDs), without the device.

const NUMBER_JID = /^([1-9]\d{6,14})(?::\d{1,3})?@(?:s\.whatsapp\.net|hosted)$/;
const LID_JID = /^([1-9]\d{0,19})(?::\d{1,3})?@(?:hosted\.)?lid$/;
/** A username without a letter could pass for a telephone number. */
const USERNAME = /^(?=[\d._]*[a-z])[a-z\d._]{3,30}$/;

/** Returns the number in E.164, or null for an address that hides it. */
export function numberOfJid(jid: string | undefined): string | null {
  const user = NUMBER_JID.exec(jid ?? "")?.[1];
  return user === undefined ? null : `+${user}`;
}

/** Returns `digits@lid`, also for a hosted account, or null for any other address. */
export function lidOfJid(jid: string | undefined): string | null {
  const user = LID_JID.exec(jid ?? "")?.[1];
  return user === undefined ? null : `${user}@lid`;
}

/** Returns a username as WhatsApp allows it, or null for any other text. */
export function sanitizeUsername(username: string | undefined): string | null {
  const text = (username ?? "").toLowerCase();
  return USERNAME.test(text) ? text : null;
}
