// Silences the console, with which libsignal prints whole sessions, private keys included.
const METHODS = ["debug", "error", "info", "log", "trace", "warn"] as const;

for (const method of METHODS) {
  globalThis.console[method] = () => undefined;
}
