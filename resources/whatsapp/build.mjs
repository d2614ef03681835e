// Bundles the sidecar and the simulator, one ESM file each, into dist/.
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

await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: { sidecar: "sidecar/main.ts", simulator: "simulator/main.ts" },
  outdir: "dist",
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
});
