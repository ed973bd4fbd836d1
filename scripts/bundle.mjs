/**
 * The command line as few files: Node loads 150 modules in 100 ms, these in 40.
 * The worker is looked for beside the file that starts it, so it lies beside all of them.
 *
 * The viewer's page as four files that any web server can give out: they ask for nothing else.
 */
import { chmodSync, copyFileSync, mkdirSync, rmSync } from "node:fs";
import { build } from "esbuild";

const out = new URL("../dist/bin/", import.meta.url);

rmSync(out, { recursive: true, force: true });
await build({
  entryPoints: [
    { in: "src/cli/main.ts", out: "main" },
    { in: "src/node/capture/worker.ts", out: "worker" },
  ],
  outdir: out.pathname,
  absWorkingDir: new URL("..", import.meta.url).pathname,
  bundle: true,
  splitting: true,
  packages: "external",
  format: "esm",
  platform: "node",
  target: "node20",
  chunkNames: "[hash]",
  legalComments: "none",
  logLevel: "warning",
});
// `npx seqack` in a checkout runs the built file itself, so it has to be executable.
chmodSync(new URL("main.js", out), 0o755);

const root = new URL("..", import.meta.url).pathname;
const page = new URL("../dist/viewer/", import.meta.url).pathname;
mkdirSync(page, { recursive: true });
await build({
  entryPoints: [
    { in: "src/viewer/ui/page.tsx", out: "page" },
    { in: "src/viewer/worker/main.ts", out: "worker" },
    { in: "src/viewer/ui/style.css", out: "style" },
  ],
  outdir: page,
  absWorkingDir: root,
  bundle: true,
  minify: true,
  format: "esm",
  platform: "browser",
  target: ["es2022"],
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
});
copyFileSync(`${root}src/viewer/ui/index.html`, `${page}index.html`);
