import { playwright } from "@vitest/browser-playwright";
import { defineConfig, type TestProjectInlineConfiguration } from "vitest/config";
import { findChromium } from "./scripts/chromium.ts";
import { markdownTests, pagesWithTests } from "./scripts/markdown-tests.ts";

const PORTABLE = "{base,wire,pcap,stack,trace,analysis,net,lab,report,viewer/{model,draw}}";
/** Portable code whose test needs Node all the same: a tool to compare with, a file of the corpus. */
const NODE_TESTS = "src/**/*.node.test.ts";

const CHROMIUM_ARGS =
  "--no-sandbox --disable-gpu --disable-quic --disable-background-networking --disable-component-update --disable-sync --no-first-run";

/** As `exports` of package.json has them on Node. */
const PUBLIC = {
  wire: "wire/index.ts",
  pcap: "pcap/index.ts",
  stack: "stack/index.ts",
  trace: "trace/index.ts",
  analysis: "analysis/index.ts",
  expect: "analysis/expect/index.ts",
  report: "report/index.ts",
  net: "node/net-entry.ts",
  node: "node/index.ts",
};
const source = (path: string): string => new URL(`src/${path}`, import.meta.url).pathname;

/** `await using` is written down to what Node 20 knows. */
const oxc = { target: "es2022" };

/** How long a test looks again until something is so: a machine that is busy elsewhere takes its time. */
const poll = { timeout: 20_000 };

const projects: TestProjectInlineConfiguration[] = [
  {
    oxc,
    test: {
      name: "node",
      include: ["src/**/*.test.ts", "test/**/*.test.ts"],
      globalSetup: ["test/build.ts"],
      testTimeout: 60_000,
      expect: { poll },
    },
  },
  {
    oxc,
    plugins: [markdownTests()],
    resolve: {
      alias: Object.entries(PUBLIC).map(([name, path]) => ({
        find: `seqack/${name}`,
        replacement: source(path),
      })),
    },
    test: { name: "docs", include: pagesWithTests() },
  },
];

const chromium = findChromium();
if (chromium !== null) {
  projects.push({
    oxc,
    optimizeDeps: { include: ["fast-check", "fzstd", "pako", "string-width"] },
    test: {
      name: "browser",
      include: [`src/${PORTABLE}/**/*.test.ts`],
      exclude: [NODE_TESTS],
      testTimeout: 30_000,
      expect: { poll },
      browser: {
        enabled: true,
        headless: true,
        screenshotFailures: false,
        provider: playwright({
          launchOptions: { executablePath: chromium, args: CHROMIUM_ARGS.split(" ") },
        }),
        instances: [{ browser: "chromium" }],
      },
    },
  });
}

export default defineConfig({ test: { projects } });
