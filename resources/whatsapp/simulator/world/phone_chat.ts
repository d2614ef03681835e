// A chat on the account's phone, as a history tells it.
export interface PhoneChat {
  /** How old the customer's privacy token is. */
  readonly tokenAgeS: number;
  /** The chat's timer of disappearing messages; 0 is none. */
  readonly disappearsS: number;
  /** The text of its one message. */
  readonly text: string | undefined;
}

export const PLAIN_CHAT: PhoneChat = { tokenAgeS: 0, disappearsS: 0, text: undefined };
