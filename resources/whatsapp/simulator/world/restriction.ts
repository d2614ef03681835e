// WhatsApp's restrictions of an account: no messages to strangers for a while, or a cap on new chats.
import type { NewChatMessageCapInfo } from "baileys";

export interface TimeLock {
  readonly active: boolean;
  /** In Unix seconds; without it the server does not say. */
  readonly endsAt?: number | undefined;
  readonly enforcement: string;
}

export interface Restriction {
  timeLock: TimeLock;
  newChatCap: NewChatMessageCapInfo;
}

/** Fields of a time lock as the server spells them, in an answer and in a notification. */
export function timeLockFields({ active, endsAt, enforcement }: TimeLock): object {
  return {
    is_active: active,
    time_enforcement_ends: endsAt?.toString(),
    enforcement_type: enforcement,
  };
}

export function unrestricted(): Restriction {
  return { timeLock: { active: false, enforcement: "DEFAULT" }, newChatCap: {} };
}
