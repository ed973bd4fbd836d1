/** What axe-core says of a page. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What axe finds serious, as its rules are called. */
export async function seriousIn(page: Page): Promise<readonly string[]> {
  // The page's policy lets no script in but its own: this one comes by the debugger.
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  const { result } = await session.send("Runtime.evaluate", {
    expression: `axe.run().then((r) => JSON.stringify(r.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => v.id + ": " + v.nodes[0].html + " " + v.nodes[0].failureSummary)))`,
    awaitPromise: true,
    returnByValue: true,
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- made above
  return JSON.parse(String(result.value)) as string[];
}
