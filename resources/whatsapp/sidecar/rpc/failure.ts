// Error that travels on the wire: a code and a fixed word, never words from outside.
import { ERROR_CODES, type ErrorWord } from "../protocol/vocabulary.ts";

export class Failure extends Error {
  readonly word: ErrorWord;

  constructor(word: ErrorWord) {
    super(word);
    this.name = "Failure";
    this.word = word;
  }

  get code(): number {
    return ERROR_CODES[this.word];
  }
}

export function failureOf(error: unknown): Failure {
  return error instanceof Failure ? error : new Failure("failure");
}
