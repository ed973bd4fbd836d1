/** The views that speak: the story of a conversation, and findings. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright";
import { expect } from "vitest";
import { tellStory } from "../../src/analysis/story.ts";
import { CaptureReader } from "../../src/pcap/reader.ts";
import { TraceBuilder } from "../../src/trace/builder.ts";
import { SHARED, testWith } from "../needs.ts";
import { seriousIn } from "./axe.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { RETRANSMISSION, SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");
const corpusTest = testWith("chromium", "shared");

const around = surroundingsOfTests();

async function opened(options: Parameters<typeof visitPage>[1]): Promise<Visit> {
  const visit = await visitPage(around, options);
  await chooseFiles(visit.page, SAMPLE);
  return visit;
}

const sentences = (page: Page): ReturnType<Page["locator"]> => page.locator(".sentence");

browserTest(
  "a sentence selects its segment, and the selected segment marks its sentences",
  async () => {
    const { page, errors, close } = await opened({ place: "#/stream/0?view=story" });
    await sentences(page).first().click();
    await page.getByRole("heading", { name: "Frame 1", exact: true }).waitFor();
    expect(page.url()).toContain("#/stream/0/packet/1?view=story");
    const again = sentences(page)
      .filter({ hasText: `#${RETRANSMISSION}` })
      .first();
    await again.getByRole("button", { name: `#${RETRANSMISSION}`, exact: true }).click();
    await page.getByRole("heading", { name: `Frame ${RETRANSMISSION}` }).waitFor();
    expect(await again.getAttribute("class")).toContain("is-here");
    await page.getByRole("button", { name: "Segments", exact: true }).click();
    await page.locator("main .row.is-selected", { hasText: "retransmission" }).waitFor();
    expect(errors).toEqual([]);
    await close();
  },
);

browserTest("what a frame's number points at is marked in all sentences that name it", async () => {
  const { page, close } = await opened({ place: "#/stream/0?view=story" });
  await page
    .getByRole("button", { name: `#${RETRANSMISSION}`, exact: true })
    .first()
    .hover();
  expect(await page.locator(".sentence.is-pointed").count()).toBeGreaterThan(0);
  await close();
});

browserTest("a link shows the story in Chinese, with what was found beside it", async () => {
  const place = `#/stream/0/packet/${RETRANSMISSION}?view=story&lang=zh`;
  const { page, close } = await opened({ place });
  await page.getByRole("heading", { name: "建立连接" }).waitFor();
  await page.locator(".finding.is-here").first().waitFor();
  await close();
});

browserTest(
  "findings: worst first, narrowed by severity, and each leads to its segments",
  async () => {
    const { page, errors, close } = await opened({ place: "#/?view=findings" });
    const cards = page.locator(".finding");
    await cards.first().waitFor();
    expect(await cards.first().innerText()).toContain("connection-refused");
    await page.getByRole("button", { name: /^warning/ }).click();
    expect(await cards.first().innerText()).toContain("retransmission");
    await cards.first().getByRole("button", { name: /^#/ }).first().click();
    await page.getByRole("heading", { name: /^Frame \d/ }).waitFor();
    await page.waitForURL(/#\/stream\/0\/packet\//);
    expect(errors).toEqual([]);
    await close();
  },
);

browserTest("n and N go from finding to finding", async () => {
  const { page, close } = await opened({ place: "#/?view=findings" });
  await page.locator(".finding").first().waitFor();
  for (const [key, frame] of [
    ["n", RETRANSMISSION],
    ["n", 12],
    ["N", RETRANSMISSION],
  ] as const) {
    await page.keyboard.press(key);
    await page.getByRole("heading", { name: `Frame ${frame}`, exact: true }).waitFor();
  }
  await close();
});

browserTest.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (theme) => {
  for (const view of ["story", "findings"]) {
    const place = `#/stream/0/packet/${RETRANSMISSION}?view=${view}`;
    const { page, close } = await opened({ theme, place });
    await page.locator(".finding").first().waitFor();
    await page.locator(".reasons li").first().waitFor();
    expect({ view, found: await seriousIn(page) }).toEqual({ view, found: [] });
    await close();
  }
});

/** Without handshake, without data, cut, full of trouble. */
const CAPTURES = [
  "CESNET+ipfixprobe/tests__functional__inputs__smtp.pcap",
  "arkime+arkime/tests__pcap__wireshark-retrans.pcap",
  "OISF+suricata-verify/tests__vxlan-non-zero-reserved-fields__input.pcap",
];

corpusTest.each(CAPTURES)("the page tells %s word for word", async (file) => {
  const bytes = readFileSync(join(SHARED, "corpus", file));
  const builder = new TraceBuilder();
  const reader = new CaptureReader(builder);
  reader.push(bytes);
  reader.end();
  const trace = builder.build();
  const { page, close } = await visitPage(around, { place: "#/stream/0?view=story" });
  await chooseFiles(page, { name: "x.pcap", bytes });
  await sentences(page).first().waitFor();
  await expect.poll(() => page.locator(".reading").count()).toBe(0);
  for (const lang of ["en", "zh"] as const) {
    if (lang === "zh") await page.getByRole("button", { name: "中文" }).click();
    const told = tellStory(trace, 0).sections.flatMap((section) =>
      section.sentences.map((said) => said.text[lang]),
    );
    await expect.poll(() => page.locator(".sentence .said").allTextContents()).toEqual(told);
  }
  await close();
});
