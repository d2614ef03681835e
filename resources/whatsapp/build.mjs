// Bundles the sidecar and the simulator, one ESM file each, into dist/ or the folder that is given.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { build } from "esbuild";

// CommonJS parts of the bundle (libsignal, pino, protobufjs) expect these three names.
const banner = [
  'import { createRequire as __createRequire } from "node:module";',
  'import { fileURLToPath as __fileURLToPath } from "node:url";',
  'import { dirname as __dirnameOf } from "node:path";',
  "const require = __createRequire(import.meta.url);",
  "const __filename = __fileURLToPath(import.meta.url);",
  "const __dirname = __dirnameOf(__filename);",
].join("\n");

const { outputFiles } = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { sidecar: "sidecar/main.ts", simulator: "simulator/main.ts" },
  outdir: process.argv[2] ?? "dist",
  outExtension: { ".js": ".mjs" },
  bundle: true,
  minify: true,
  keepNames: true,
  platform: "node",
  format: "esm",
  target: "node24",
  external: ["sharp", "jimp", "audio-decode", "link-preview-js"],
  banner: { js: banner },
  legalComments: "none",
  logLevel: "warning",
  write: false,
});

// One character beyond ASCII makes V8 keep the whole source in two bytes a character, 5 MB more for each sidecar
// process. esbuild escapes them everywhere but in regular expressions, where the escape means the same.
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
for (const { path, text } of outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text.replace(/[^\0-\x7f]/g, escaped));
}
