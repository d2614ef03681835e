// What WhatsApp forbids an account for a while: to write to strangers, or to begin more than some new chats.
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

export function unrestricted(): Restriction {
  return { timeLock: { active: false, enforcement: "DEFAULT" }, newChatCap: {} };
}
