// Reads and validates the fields of an admin request.
export class BadRequest extends Error {}

export interface Field<T> {
  /** The accepted values in words, for refusals and for the table of requests. */
  readonly description: string;
  readonly required: boolean;
  /** Undefined: the value is refused. */
  readonly read: (value: unknown) => T | undefined;
  /** Fields of the entries of a list. */
  readonly entries?: string;
}

export type Shape = Readonly<Record<string, Field<unknown>>>;
export type Read<S extends Shape> = {
  readonly [K in keyof S]: S[K] extends { required: true; read: (value: unknown) => infer T }
    ? Exclude<T, undefined>
    : ReturnType<S[K]["read"]>;
};

type OptionalField<T> = Field<T> & { readonly required: false };
type RequiredField<T> = Field<T> & { readonly required: true };

const E164 = /^\+[1-9]\d{6,14}$/;

function field<T>(description: string, accepts: (value: unknown) => value is T): OptionalField<T> {
  return { description, required: false, read: (value) => (accepts(value) ? value : undefined) };
}

export function required<T>(optional: OptionalField<T>): RequiredField<T> {
  return { ...optional, required: true };
}

export const text = field("a text", (value) => typeof value === "string");
export const boolean = field("true or false", (value) => typeof value === "boolean");
export const base64: OptionalField<Uint8Array> = {
  description: "bytes in base64",
  required: false,
  read: (value) =>
    typeof value === "string" && /^[A-Za-z0-9+/]*={0,2}$/.test(value)
      ? Buffer.from(value, "base64")
      : undefined,
};
export const texts = field(
  "texts by name",
  (value): value is Record<string, string> =>
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    Object.values(value).every((one) => typeof one === "string"),
);
export const phoneNumber = field(
  "an E.164 number",
  (value): value is string => typeof value === "string" && E164.test(value),
);

export function wholeNumber(minimum = 0): OptionalField<number> {
  const isWholeNumber = (value: unknown): value is number =>
    Number.isSafeInteger(value) && Number(value) >= minimum;
  return field(`a whole number, at least ${minimum}`, isWholeNumber);
}

/** A whole number as it stands in a query. */
export const queryNumber: OptionalField<number> = {
  description: "a whole number",
  required: false,
  read: (value) => (typeof value === "string" && /^\d{1,9}$/.test(value) ? Number(value) : undefined),
};

export function oneOf<T extends string>(choices: readonly T[]): OptionalField<T> {
  const description = choices.map((choice) => `"${choice}"`).join(", ");
  return field(`one of ${description}`, (value): value is T => choices.some((choice) => choice === value));
}

export function listOf<S extends Shape>(shape: S): OptionalField<Read<S>[]> {
  const read = (value: unknown) =>
    Array.isArray(value) ? value.map((entry) => readFields(shape, entry)) : undefined;
  const entries = describe(shape);
  return { description: `a list of ${entries}`, required: false, read, entries };
}

/** Lists the fields by name, optional ones with a question mark. */
export function describe(shape: Shape): string {
  const names = Object.entries(shape).map(([name, { required, entries }]) => {
    const list = entries === undefined ? "" : `: [${entries}]`;
    return `${name}${required ? "" : "?"}${list}`;
  });
  return `{${names.join(", ")}}`;
}

/** Reads each field once and refuses unknown ones; null counts as left out. */
export function readFields<S extends Shape>(shape: S, body: unknown): Read<S> {
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new BadRequest("an object is expected");
  }
  const given = new Map(Object.entries(body));
  const unknownField = [...given.keys()].find((name) => !Object.hasOwn(shape, name));
  if (unknownField !== undefined) {
    throw new BadRequest(`${unknownField} is not a field of ${describe(shape)}`);
  }
  const fields = Object.entries(shape).map(([name, one]) => [name, readField(name, one, given.get(name))]);
  return Object.fromEntries(fields) as Read<S>;
}

function readField(name: string, { description, required, read }: Field<unknown>, value: unknown): unknown {
  if (value === undefined || value === null) {
    if (required) {
      throw new BadRequest(`${name} is missing`);
    }
    return undefined;
  }
  const result = read(value);
  if (result === undefined) {
    throw new BadRequest(`${name} must be ${description}`);
  }
  return result;
}
