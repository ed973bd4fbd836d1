/**
 * The built page in a headless Chromium, as a person would have it before them.
 *
 * ```ts
 * const visit = await visitPage({ files: ["echo.pcapng"] });
 * await visit.page.keyboard.press("j");
 * await visit.close();
 * ```
 */
import { createServer } from "node:http";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { type Browser, chromium, type Page } from "playwright";
import { findChromium } from "../../scripts/chromium.ts";

const PAGE = new URL("../../dist/viewer/", import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  "index.html": "text/html",
  "page.js": "text/javascript",
  "worker.js": "text/javascript",
  "style.css": "text/css",
};

/** A browser, and a plain web server with the page's files and no back end. */
export interface Surroundings {
  readonly browser: Browser;
  readonly url: string;
  close(): Promise<void>;
}

/** Starts both. */
export async function startSurroundings(): Promise<Surroundings> {
  const server = createServer((request, response) => {
    const name = (request.url ?? "/").slice(1).replace(/\?.*$/, "") || "index.html";
    const type = TYPES[name];
    response.writeHead(type === undefined ? 404 : 200, { "Content-Type": type ?? "text/plain" });
    response.end(type === undefined ? "" : readFileSync(new URL(name, PAGE)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const browser = await chromium.launch({
    executablePath: findChromium() ?? "",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo;
  return {
    browser,
    url: `http://127.0.0.1:${port}/`,
    async close() {
      await browser.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** How to look at the page. */
export interface VisitOptions {
  /** What stands behind the `#` of the address, with it. */
  readonly place?: string;
  readonly theme?: "light" | "dark";
  readonly lang?: string;
  readonly width?: number;
  /** Somewhere else than the plain web server. */
  readonly url?: string;
}

/** A fresh page, and what its console said. */
export interface Visit {
  readonly page: Page;
  readonly errors: readonly string[];
  readonly close: () => Promise<void>;
}

/** Opens the page in a browser profile of its own. */
export async function visitPage(around: Surroundings, options: VisitOptions = {}): Promise<Visit> {
  const { place = "", theme = "light", lang = "en-US", width = 1280, url = around.url } = options;
  const context = await around.browser.newContext({
    viewport: { width, height: 800 },
    colorScheme: theme,
    locale: lang,
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const errors: string[] = [];
  page.on("pageerror", (e) => errors.push(e.message));
  page.on("console", (m) => {
    if (m.type() === "error") errors.push(m.text());
  });
  await page.goto(url + place);
  return { page, errors, close: () => context.close() };
}

/** Chooses files, as with the button. */
export async function chooseFiles(page: Page, ...files: readonly CaptureBytes[]): Promise<void> {
  await page.locator("input[type=file]").setInputFiles(
    files.map(({ name, bytes }) => ({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(bytes),
    })),
  );
}

/** A capture by name. */
export interface CaptureBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
}
