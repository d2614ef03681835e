// Silences the console: libsignal prints whole sessions, private keys included, with it.
const METHODS = ["debug", "error", "info", "log", "trace", "warn"] as const;

for (const method of METHODS) {
  globalThis.console[method] = () => undefined;
}
