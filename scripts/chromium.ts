import { existsSync } from "node:fs";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/** Where a Chromium for the browser tests is; `null` when there is none. */
export function findChromium(): string | null {
  const told = process.env["SEQACK_CHROMIUM"];
  return told ?? PLACES.find((path) => existsSync(path)) ?? null;
}
