// Ends the process: when Python is gone, or when something happened that nobody was prepared for.
import { log } from "./log.ts";
import { flushed } from "./quiet.ts";

const FLUSH_LIMIT_MS = 500;

/** Says good-bye and leaves; a reader that is gone cannot hold it up. */
export function leaveWhenAlone(sayGoodbye: () => void): void {
  let leaving = false;
  const leave = (): void => {
    if (leaving) return;
    leaving = true;
    sayGoodbye();
    setTimeout(() => process.exit(0), FLUSH_LIMIT_MS);
    void flushed().then(() => process.exit(0));
  };
  process.stdin.on("end", leave);
  process.stdin.on("close", leave);
  process.stdin.on("error", leave);
  process.stdout.on("error", leave);
}

export function dieOfSurprises(): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    log.warn({ warning }, "warning of the runtime");
  });
  const die = (message: string) => (error: unknown) => {
    log.fatal({ error }, message);
    process.exit(1);
  };
  process.on("uncaughtException", die("uncaught exception"));
  process.on("unhandledRejection", die("unhandled rejection"));
}
