// Error of a history that no further try will make readable.
export class UnusableError extends Error {
  override readonly name = "UnusableError";
}
