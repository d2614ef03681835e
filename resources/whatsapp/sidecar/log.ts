// Logger that writes one JSON object per line to stderr, made of allowed fields only.
import pino from "pino";
import type { UserFacingSocketConfig } from "baileys";
import { isRecord } from "./protocol/shapes.ts";

type Logger = NonNullable<UserFacingSocketConfig["logger"]>;
type Level = "warn" | "error" | "fatal";

// Logged at every connect because of an option that was chosen knowingly.
const IGNORED_MESSAGE = "PREVENTS BAILEYS FROM ACCESSING INITIAL LID MAPPINGS";
const WORD = /^[A-Za-z][A-Za-z'-]{0,23}[.,:;]?$/;
/** Baileys reads the stack of an error that it makes for each frame it sends, in case the write fails. */
const MAX_FRAMES = 4;
Error.stackTraceLimit = MAX_FRAMES;
const FRAME = /([\w.-]+\.(?:ts|js|mjs|cjs):\d+):\d+\)?$/;

const sink = pino(
  {
    level: "warn",
    formatters: { level: (label) => ({ level: label }) },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
  },
  pino.destination({ fd: 2, sync: true }),
);

export const log: Logger & { fatal(fields: unknown, message: string): void } = {
  level: "warn",
  child: () => log,
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: makeEntry("warn"),
  error: makeEntry("error"),
  fatal: makeEntry("fatal"),
};

function makeEntry(level: Level): (fields: unknown, message?: string) => void {
  return (fields, message) => {
    const text = typeof fields === "string" ? fields : (message ?? "");
    if (text.includes(IGNORED_MESSAGE)) return;
    sink[level](redactedFields(fields), redactedMessage(text));
  };
}

/** Returns an error's name, number and places in the code; every other field may hold a key, a number or a text. */
export function redactedFields(fields: unknown): Record<string, unknown> {
  const error = findError(fields);
  if (error === null) return {};
  const code = errorCode(error);
  const where = (error.stack ?? "").split("\n").flatMap((line) => FRAME.exec(line)?.[1] ?? []);
  return { error: redactedMessage(error.name), ...(code === null ? {} : { code }), where };
}

/** Returns only the plain words of a message; a word with a digit, an @ or a quote may be personal data. */
export function redactedMessage(message: string): string {
  return message
    .split(/\s+/)
    .slice(0, 16)
    .map((word) => (WORD.test(word) ? word : "…"))
    .join(" ");
}

function findError(fields: unknown): Error | null {
  if (fields instanceof Error) return fields;
  if (!isRecord(fields)) return null;
  return Object.values(fields).find((value) => value instanceof Error) ?? null;
}

function errorCode(error: Error): number | null {
  const { data, output } = error as { data?: unknown; output?: { statusCode?: unknown } };
  const code = typeof data === "number" ? data : output?.statusCode;
  return typeof code === "number" ? code : null;
}
