// Guard of stdout: only the wire may write to it, no module loaded after this one.

const stdout = process.stdout;
const write = stdout.write.bind(stdout);

// The Signal library prints whole sessions, private keys included, with console.*.
for (const name of Object.keys(console)) {
  const member = Reflect.get(console, name) as unknown;
  if (typeof member === "function" && name !== "Console") Reflect.set(console, name, () => undefined);
}
stdout.write = (): boolean => true;

let buffered = "";

/** Buffers lines that become ready together: each write of its own would wake Python. */
export function writeLine(line: string): void {
  if (buffered === "") process.nextTick(writeBuffered);
  buffered += `${line}\n`;
}

function writeBuffered(): void {
  const lines = buffered;
  buffered = "";
  if (lines !== "") write(lines);
}

/** Resolves when all lines written so far have left the process. */
export function flushed(): Promise<void> {
  writeBuffered();
  return new Promise((resolve) => {
    write("", () => {
      resolve();
    });
  });
}
