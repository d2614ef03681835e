// Shapes that validate an unknown value read from the wire.

export type Shape<T> = (value: unknown) => value is T;
export type Of<S> = S extends Shape<infer T> ? T : never;

export const text: Shape<string> = (value) => typeof value === "string";
export const integer: Shape<number> = (value): value is number => Number.isSafeInteger(value);
export const boolean: Shape<boolean> = (value) => typeof value === "boolean";
export const notNegative: Shape<number> = (value): value is number => integer(value) && value >= 0;
export const positive: Shape<number> = (value): value is number => integer(value) && value > 0;

export const matching =
  (pattern: RegExp): Shape<string> =>
  (value): value is string =>
    text(value) && pattern.test(value);

export const oneOf =
  <W extends string>(words: readonly W[]): Shape<W> =>
  (value): value is W =>
    text(value) && (words as readonly string[]).includes(value);

export const nullable =
  <T>(inner: Shape<T>): Shape<T | null> =>
  (value): value is T | null =>
    value === null || inner(value);

export const listOf =
  <T>(inner: Shape<T>, { min = 0, max = Infinity } = {}): Shape<T[]> =>
  (value): value is T[] =>
    Array.isArray(value) && value.length >= min && value.length <= max && value.every((item) => inner(item));

export const recordOf =
  <T>(inner: Shape<T>): Shape<Record<string, T>> =>
  (value): value is Record<string, T> =>
    isRecord(value) && Object.values(value).every((item) => inner(item));

/** Accepts exactly these fields: a missing one and an unknown one are both wrong. */
export const shape =
  <F extends Record<string, Shape<unknown>>>(fields: F): Shape<{ [K in keyof F]: Of<F[K]> }> =>
  (value): value is { [K in keyof F]: Of<F[K]> } =>
    isRecord(value) &&
    Object.keys(value).length === Object.keys(fields).length &&
    Object.entries(fields).every(([name, inner]) => Object.hasOwn(value, name) && inner(value[name]));

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
