// Writes what may be said on stderr: one JSON object per line, made of allowed fields only.
import pino from "pino";
import type { UserFacingSocketConfig } from "baileys";
import { isRecord } from "./protocol/shapes.ts";

type Logger = NonNullable<UserFacingSocketConfig["logger"]>;
type Level = "warn" | "error" | "fatal";

// Said at every connect about an option that was chosen knowingly.
const SAYS_NOTHING = "PREVENTS BAILEYS FROM ACCESSING INITIAL LID MAPPINGS";
const WORD = /^[A-Za-z][A-Za-z'-]{0,23}[.,:;]?$/;
/** Baileys looks at the stack of an error that it makes in case a write fails, with every frame it sends. */
const FRAMES = 4;
Error.stackTraceLimit = FRAMES;
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
  warn: entry("warn"),
  error: entry("error"),
  fatal: entry("fatal"),
};

function entry(level: Level): (fields: unknown, message?: string) => void {
  return (fields, message) => {
    const said = typeof fields === "string" ? fields : (message ?? "");
    if (said.includes(SAYS_NOTHING)) return;
    sink[level](allowed(fields), withoutNames(said));
  };
}

/** An error's name, number and places in the code: everything else may hold a key, a number or a text. */
export function allowed(fields: unknown): Record<string, unknown> {
  const error = errorIn(fields);
  if (error === null) return {};
  const code = numberOf(error);
  const where = (error.stack ?? "").split("\n").flatMap((line) => FRAME.exec(line)?.[1] ?? []);
  return { error: withoutNames(error.name), ...(code === null ? {} : { code }), where };
}

/** Plain words only: whatever holds a digit, an @ or a quote could be somebody's. */
export function withoutNames(message: string): string {
  return message
    .split(/\s+/)
    .slice(0, 16)
    .map((word) => (WORD.test(word) ? word : "…"))
    .join(" ");
}

function errorIn(fields: unknown): Error | null {
  if (fields instanceof Error) return fields;
  if (!isRecord(fields)) return null;
  return Object.values(fields).find((value) => value instanceof Error) ?? null;
}

function numberOf(error: Error): number | null {
  const { data, output } = error as { data?: unknown; output?: { statusCode?: unknown } };
  const code = typeof data === "number" ? data : output?.statusCode;
  return typeof code === "number" ? code : null;
}
