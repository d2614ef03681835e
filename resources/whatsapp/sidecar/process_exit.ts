// Exits the process when Python is gone or after an uncaught error.
import { log } from "./log.ts";
import { flushed } from "./stdout_guard.ts";

const FLUSH_LIMIT_MS = 500;

/** Runs `beforeExit` and exits when stdin or stdout ends; a reader that is gone cannot delay it. */
export function exitOnStdinEnd(beforeExit: () => void): void {
  let exiting = false;
  const exit = (): void => {
    if (exiting) return;
    exiting = true;
    beforeExit();
    setTimeout(() => process.exit(0), FLUSH_LIMIT_MS);
    void flushed().then(() => process.exit(0));
  };
  process.stdin.on("end", exit);
  process.stdin.on("close", exit);
  process.stdin.on("error", exit);
  process.stdout.on("error", exit);
}

export function exitOnUncaughtErrors(): void {
  process.removeAllListeners("warning");
  process.on("warning", (warning) => {
    log.warn({ warning }, "warning of the runtime");
  });
  const logAndExit = (message: string) => (error: unknown) => {
    log.fatal({ error }, message);
    process.exit(1);
  };
  process.on("uncaughtException", logAndExit("uncaught exception"));
  process.on("unhandledRejection", logAndExit("unhandled rejection"));
}
