// Reads the fields of an admin request and refuses what does not fit.
export class BadRequest extends Error {}

export type Fields = Readonly<Record<string, unknown>>;

const E164 = /^\+[1-9]\d{6,14}$/;

export function fieldsOf(value: unknown): Fields {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadRequest("an object is expected");
  }
  return value as Fields;
}

function read<T>(fields: Fields, name: string, fits: (value: unknown) => value is T): T | undefined {
  const value = fields[name];
  if (value === undefined || value === null) {
    return undefined;
  }
  if (!fits(value)) {
    throw new BadRequest(`${name} is not acceptable`);
  }
  return value;
}

export function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) {
    throw new BadRequest(`${name} is missing`);
  }
  return value;
}

export function text(fields: Fields, name: string): string | undefined {
  return read(fields, name, (value) => typeof value === "string");
}

export function flag(fields: Fields, name: string): boolean | undefined {
  return read(fields, name, (value) => typeof value === "boolean");
}

export function whole(fields: Fields, name: string, least = 0): number | undefined {
  return read(
    fields,
    name,
    (value): value is number => Number.isSafeInteger(value) && Number(value) >= least,
  );
}

export function phoneNumber(fields: Fields, name: string): string | undefined {
  return read(fields, name, (value): value is string => typeof value === "string" && E164.test(value));
}

export function oneOf<T extends string>(fields: Fields, name: string, choices: readonly T[]): T | undefined {
  return read(fields, name, (value): value is T => choices.some((choice) => choice === value));
}

export function list(fields: Fields, name: string): Fields[] {
  const value: unknown = fields[name];
  if (!Array.isArray(value)) {
    throw new BadRequest(`${name} is not a list`);
  }
  return value.map(fieldsOf);
}
