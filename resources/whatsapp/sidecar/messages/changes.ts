// Reads what is said about an earlier message: an edit in either form, a deletion, a reaction.
import { proto } from "baileys";
import { editedWords, type Content } from "./words.ts";

type Moment = number | { toNumber: () => number } | null | undefined;

const { REVOKE, MESSAGE_EDIT } = proto.Message.ProtocolMessage.Type;
const SECRET_EDIT = proto.Message.SecretEncryptedMessage.SecretEncType.MESSAGE_EDIT;

/** Undefined where the message says nothing about another; null for a notice that nobody wrote. */
export function readChange(message: proto.IMessage): Content | null | undefined {
  const { protocolMessage, secretEncryptedMessage, reactionMessage } = message;
  if (protocolMessage) return ofProtocol(protocolMessage);
  if (secretEncryptedMessage) {
    // Encrypted with a secret of the message that it edits, which Baileys does not open.
    const { secretEncType, targetMessageKey } = secretEncryptedMessage;
    return secretEncType === SECRET_EDIT ? change("edit", null, targetMessageKey) : null;
  }
  if (!reactionMessage) return undefined;
  const { text, key, senderTimestampMs } = reactionMessage;
  // Without a sign it takes back the one before it.
  return change("reaction", text ?? "", key, senderTimestampMs);
}

function ofProtocol({ type, key, editedMessage, timestampMs }: proto.Message.IProtocolMessage) {
  if (type === MESSAGE_EDIT) return change("edit", editedWords(editedMessage), key, timestampMs);
  return type === REVOKE ? change("deletion", null, key, timestampMs) : null;
}

function change(
  kind: Content["kind"],
  text: string | null,
  key: proto.IMessageKey | null | undefined,
  done?: Moment,
): Content | null {
  if (!key?.id) return null;
  const doneAt = Number(typeof done === "object" ? done?.toNumber() : done);
  return { kind, text, about: key.id, ...(doneAt > 0 ? { doneAt } : {}) };
}
