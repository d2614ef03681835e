// Reads a change of an earlier message: an edit in either form, a deletion, a reaction.
import { proto } from "baileys";
import { editedText, type Content } from "./message_text.ts";

type ProtobufTimestamp = number | { toNumber: () => number } | null | undefined;

const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
const SECRET_EDIT = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT;

/** Returns undefined for a message of its own, null for a protocol notice without an author. */
export function readChange(message: proto.IMessage): Content | null | undefined {
  const { protocolMessage, secretEncryptedMessage, reactionMessage } = message;
  if (protocolMessage) return protocolChange(protocolMessage);
  if (secretEncryptedMessage) {
    // Encrypted with a secret of the message that it edits, which Baileys does not decrypt.
    const { secretEncType, targetMessageKey } = secretEncryptedMessage;
    return secretEncType === SECRET_EDIT ? makeChange("edit", null, targetMessageKey) : null;
  }
  if (!reactionMessage) return undefined;
  const { text, key, senderTimestampMs } = reactionMessage;
  // A reaction without an emoji withdraws the one before it.
  return makeChange("reaction", text ?? "", key, senderTimestampMs);
}

function protocolChange({ type, key, editedMessage, timestampMs }: proto.Message.IProtocolMessage) {
  if (type === MESSAGE_EDIT) return makeChange("edit", editedText(editedMessage), key, timestampMs);
  return type === REVOKE ? makeChange("deletion", null, key, timestampMs) : null;
}

function makeChange(
  kind: Content["kind"],
  text: string | null,
  key: proto.IMessageKey | null | undefined,
  changedAt?: ProtobufTimestamp,
): Content | null {
  if (!key?.id) return null;
  const changedAtMs = Number(typeof changedAt === "object" ? changedAt?.toNumber() : changedAt);
  return { kind, text, about: key.id, ...(changedAtMs > 0 ? { changedAt: changedAtMs } : {}) };
}
