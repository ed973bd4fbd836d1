/** The viewer's page, driven as a person would. */
import { gzipSync } from "node:zlib";
import type { Page } from "playwright";
import { expect } from "vitest";
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { startViewServer } from "../../src/node/view/server.ts";
import { testWith } from "../needs.ts";
import { seriousIn } from "./axe.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { manyConnections, RETRANSMISSION, SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");

const around = surroundingsOfTests();

const rows = (page: Page): ReturnType<Page["locator"]> => page.locator("main .list .row");

async function opened(options: Parameters<typeof visitPage>[1] = {}): Promise<Visit> {
  const visit = await visitPage(around, options);
  await chooseFiles(visit.page, SAMPLE);
  await rows(visit.page).locator(".num").first().waitFor();
  return visit;
}

browserTest("a chosen file is listed, segment by segment", async () => {
  const { page, errors, close } = await opened();
  expect(await rows(page).count()).toBe(13);
  expect(await rows(page).nth(0).innerText()).toContain("SYN");
  expect(
    await rows(page)
      .nth(RETRANSMISSION - 1)
      .innerText(),
  ).toContain("retransmission");
  expect(await page.locator(".open-inputs").innerText()).toContain("13 segments · 2 conversations");
  expect(errors).toEqual([]);
  await close();
});

browserTest("a dropped file and a compressed one open as well; two are merged", async () => {
  const { page, close } = await visitPage(around);
  await dropFile(page, "dropped.pcapng");
  await rows(page).first().waitFor();
  expect(await page.locator(".open-inputs b").innerText()).toBe("dropped.pcapng");
  const packed = { name: "packed.pcapng.gz", bytes: gzipSync(SAMPLE.bytes) };
  await chooseFiles(page, SAMPLE, packed);
  await page.getByRole("button", { name: "Replace" }).press("r");
  await page.locator(".open-inputs", { hasText: "26 segments" }).waitFor();
  expect(await page.locator(".open-inputs b").innerText()).toBe("sample.pcapng +1");
  await close();
});

/** Drops {@link SAMPLE} under a name. */
async function dropFile(page: Page, name: string): Promise<void> {
  const drop = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer();
    const bytes = Uint8Array.from([${SAMPLE.bytes.join(",")}]);
    transfer.items.add(new File([bytes], ${JSON.stringify(name)}, { lastModified: 1 }));
    return transfer;
  })()`);
  await page.dispatchEvent("body", "drop", { dataTransfer: drop });
}

browserTest(
  "what is dropped while another is open takes its place, or is merged, as asked",
  async () => {
    const { page, errors, close } = await visitPage(around);
    const names = page.locator(".open-inputs b");
    const dialog = page.getByRole("dialog", { name: "A recording is open already" });
    await dropFile(page, "one.pcapng");
    await page.locator(".open-inputs", { hasText: "13 segments" }).waitFor();
    await dropFile(page, "two.pcapng");
    await dialog.waitFor();
    expect((await dialog.locator(".offer").innerText()).split(/\s+/)).toEqual(
      "Open one.pcapng 1.05 kB New two.pcapng 1.05 kB".split(" "),
    );
    expect(await page.locator(":focus").innerText()).toContain("Replace");
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "hidden" });
    expect(await names.innerText()).toBe("one.pcapng");
    await dropFile(page, "two.pcapng");
    await dialog.waitFor();
    await dropFile(page, "<b>\u202ethree</b>");
    await dialog.locator("bdi").nth(2).waitFor();
    expect(await dialog.locator("bdi").allInnerTexts()).toEqual([
      "one.pcapng",
      "two.pcapng",
      "<b>\\u202ethree</b>",
    ]);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".open-inputs", { hasText: "39 segments" }).waitFor();
    expect(await names.innerText()).toBe("one.pcapng +2");
    await dropFile(page, "two.pcapng");
    await dialog.waitFor();
    await page.keyboard.press("m");
    await page.getByText("These are open already.").waitFor();
    await dropFile(page, "four.pcapng");
    await dialog.waitFor();
    await page.keyboard.press("Enter");
    await page.locator(".open-inputs", { hasText: "13 segments" }).waitFor();
    expect(await names.innerText()).toBe("four.pcapng");
    expect(errors).toEqual([]);
    await close();
  },
);

browserTest.each(["light", "dark"] as const)(
  "axe finds nothing serious in what is asked of more files, %s",
  async (theme) => {
    const { page, close } = await visitPage(around, { theme, lang: "zh-CN" });
    await dropFile(page, "one.pcapng");
    await rows(page).first().waitFor();
    await dropFile(page, "two.pcapng");
    await page.getByRole("dialog", { name: "已经打开了一份记录" }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await close();
  },
);

browserTest("keys move the selection, and it is in the address", async () => {
  const { page, close } = await opened();
  await page.keyboard.press("j");
  await page.getByRole("heading", { name: "Frame 1", exact: true }).waitFor();
  await page.keyboard.press("n");
  await page.getByRole("heading", { name: `Frame ${RETRANSMISSION}` }).waitFor();
  await page.locator(".reasons", { hasText: "retransmission" }).waitFor();
  expect(page.url()).toContain(`#/stream/0/packet/${RETRANSMISSION}`);
  await page.keyboard.press("]");
  await page.getByRole("heading", { name: "Frame 12" }).waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: "Keys" }).waitFor();
  await close();
});

browserTest.each(["segments", "states", "ladder"])(
  "keys that follow each other at once all count: %s",
  async (view) => {
    const { page, close } = await visitPage(around, {
      place: `#/stream/0/packet/1?view=${view}`,
    });
    await chooseFiles(page, SAMPLE);
    await page.getByRole("heading", { name: "Frame 1", exact: true }).waitFor();
    await page.locator("html:not([data-waiting])").waitFor();
    await Promise.all(Array.from({ length: 4 }, () => page.keyboard.press("j")));
    await page.getByRole("heading", { name: "Frame 5", exact: true }).waitFor();
    await page.locator("html:not([data-waiting])").waitFor();
    expect(page.url()).toContain("/packet/5");
    await close();
  },
);

browserTest("a filter is completed, applied, and pointed at where it is wrong", async () => {
  const { page, close } = await opened();
  await page.keyboard.press("/");
  await page.keyboard.type("tcp.analysis.retr");
  await page.getByRole("option", { name: "tcp.analysis.retransmission" }).waitFor();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("1 of 13").waitFor();
  expect(await rows(page).count()).toBe(1);
  await page.getByRole("combobox").fill("tcp.flags &&& 1");
  await page.keyboard.press("Enter");
  expect(await page.getByRole("alert").innerText()).toContain("^");
  await close();
});

browserTest("a link to a segment far behind is followed when reading has come to it", async () => {
  const run = await runLab(findScenario("bulk")!, { seed: 1 });
  const { page, close } = await visitPage(around, { place: "#/stream/0/packet/1900?view=header" });
  await chooseFiles(page, { name: "bulk.pcapng", bytes: run.recordings[0].bytes });
  await page.locator(".inspector .line", { hasText: "10.0.0." }).waitFor();
  expect(await page.locator("main .empty-note").count()).toBe(0);
  await close();
});

browserTest("a link restores the same picture in a fresh page", async () => {
  const place = `#/stream/0/packet/${RETRANSMISSION}?view=header&filter=tcp.len%3E0&lang=zh&theme=dark`;
  const { page, close } = await visitPage(around, { place });
  await chooseFiles(page, SAMPLE);
  await page.locator(".layer h3", { hasText: "TCP" }).waitFor();
  await page.getByText("3 / 13").waitFor();
  expect(new URL(page.url()).hash).toBe(place);
  expect(await page.locator("html").getAttribute("lang")).toBe("zh-CN");
  expect(await page.locator("html").getAttribute("data-theme")).toBe("dark");
  expect(await page.getByRole("button", { name: "报文段", exact: true }).count()).toBe(1);
  await close();
});

browserTest("the selected conversation is scrolled to, wherever the order puts it", async () => {
  const { page, errors, close } = await visitPage(around, {
    place: "#/stream/390?view=conversations",
  });
  await chooseFiles(page, manyConnections(400));
  const selected = page.locator("main .row.is-selected");
  await selected.getByText("10.0.0.1:10390").waitFor();
  await page.getByRole("button", { name: "Start" }).click();
  await page.getByRole("button", { name: "Start" }).click();
  await selected.getByText("10.0.0.1:10390").waitFor();
  await page.locator("main .row", { hasText: "10.0.0.1:10389" }).click();
  await selected.getByText("10.0.0.1:10389").waitFor();
  expect(errors).toEqual([]);
  await close();
});

browserTest("selecting in one view selects in the others", async () => {
  const { page, close } = await opened({ place: "#/?view=conversations" });
  await rows(page).nth(1).click();
  await page.getByRole("button", { name: "Segments", exact: true }).first().click();
  await page.locator("main .row.is-selected", { hasText: "SYN" }).waitFor();
  expect(await page.locator("aside .row.is-selected").innerText()).toContain("10.0.0.2:81");
  await page.getByRole("button", { name: "Header", exact: true }).click();
  await page.locator(".fields", { hasText: "tcp.srcport" }).waitFor();
  await close();
});

browserTest("a file cut short shows what was read, and says where it ended", async () => {
  const { page, close } = await visitPage(around);
  await chooseFiles(page, { name: "<img src=x>.pcap", bytes: SAMPLE.bytes.subarray(0, -30) });
  await rows(page).first().waitFor();
  const alert = page.getByRole("alert");
  expect(await alert.innerText()).toMatch(
    /<img src=x>\.pcap: reading ended at byte \d+, after frame 12/,
  );
  expect(await rows(page).count()).toBe(12);
  await chooseFiles(page, { name: "notes.txt", bytes: new TextEncoder().encode("hello") });
  await page.getByRole("button", { name: "Replace" }).press("r");
  await page.getByText("This could not be read.").waitFor();
  await close();
});

browserTest.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (theme) => {
  const empty = await visitPage(around, { theme });
  expect(await seriousIn(empty.page)).toEqual([]);
  await empty.close();
  for (const view of ["segments", "conversations", "header"]) {
    const place = `#/stream/0/packet/${RETRANSMISSION}?view=${view}`;
    const { page, close } = await opened({ theme, place: view === "header" ? "" : place });
    if (view === "header") {
      await page.keyboard.press("n");
      await page.getByRole("button", { name: "Header", exact: true }).click();
    }
    await page.locator(".reasons li").first().waitFor();
    expect({ view, found: await seriousIn(page) }).toEqual({ view, found: [] });
    await close();
  }
});

browserTest(
  "a served recording opens by itself, and the page says when the server has gone",
  async () => {
    const server = await startViewServer({
      page: new URL("../../dist/viewer/", import.meta.url).pathname,
      recordings: [
        {
          name: "live",
          size: null,
          async *chunks(signal) {
            yield SAMPLE.bytes;
            await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
          },
        },
      ],
    });
    const { page, close } = await visitPage(around, { url: server.url });
    await rows(page).nth(12).waitFor();
    await page.getByText("Capturing").waitFor();
    await server.close();
    await page.getByText("seqack view has ended.").waitFor();
    expect(await rows(page).count()).toBe(13);
    await close();
  },
);

browserTest(
  "the time that all views show is told, seen in the list, and ended by a click",
  async () => {
    const visit = await opened({ place: "#/?t=0.004,0.007" });
    const { page } = visit;
    const chip = page.locator(".time-chip");
    expect(await chip.innerText()).toContain("0.004000–0.007000 s");
    const first = rows(page).nth(0).locator(".segment-grid");
    expect(await first.getAttribute("class")).toContain("is-other");
    for (const name of ["Conversations", "Findings"]) {
      await page.getByRole("button", { name, exact: true }).click();
      await chip.waitFor();
    }
    await chip.click();
    expect(page.url()).not.toContain("t=");
    await page.getByRole("button", { name: "Segments", exact: true }).click();
    expect(await first.getAttribute("class")).not.toContain("is-other");
    await visit.close();
  },
);

browserTest("a long list begins with the time that all views show", async () => {
  const { page, close } = await visitPage(around, { place: "#/?t=0.4,0.5" });
  await chooseFiles(page, manyConnections(1000));
  await page.locator("main .row .num", { hasText: /^401$/ }).waitFor();
  await close();
});

browserTest(
  "another height of the window leaves a list where its reader has scrolled to",
  async () => {
    const { page, close } = await visitPage(around, { place: "#/?t=0.4,0.5" });
    await chooseFiles(page, manyConnections(1000));
    await page.locator("main .row .num", { hasText: /^401$/ }).waitFor();
    await page.locator("main .list-scroll").evaluate((list) => (list.scrollTop -= 2400));
    const first = page.locator("main .row .num", { hasText: /^301$/ });
    await first.waitFor();
    const seen = await rows(page).count();
    await page.setViewportSize({ width: 1280, height: 700 });
    await rows(page)
      .nth(seen - 4)
      .waitFor({ state: "detached" });
    expect(await first.count()).toBe(1);
    await close();
  },
);

browserTest("of a single conversation there is nothing to choose", async () => {
  const { page, close } = await visitPage(around, { place: "#/?view=ladder" });
  await chooseFiles(page, manyConnections(1));
  await page.getByRole("button", { name: "Show the only one" }).click();
  await page.locator(".ladder-sum").waitFor();
  expect(page.url()).toContain("/stream/0");
  await close();
});

browserTest("a frame that the recording does not have is said to be missing", async () => {
  const { page, close } = await opened({ place: "#/packet/99" });
  await page.getByText("There is no such frame: the last one of this recording is 13.").waitFor();
  await page.keyboard.press("g");
  await page.locator("dialog input").fill("14");
  await page.keyboard.press("Enter");
  expect(await page.locator("dialog input:invalid").count()).toBe(1);
  await close();
});

browserTest("a capture that grows is followed at its end, and only there", async () => {
  const { bytes } = manyConnections(400);
  const lens = [100, 200, 300, 400].map((count) => manyConnections(count).bytes.length);
  const waiting: (() => void)[] = [];
  const server = await startViewServer({
    page: new URL("../../dist/viewer/", import.meta.url).pathname,
    recordings: [
      {
        name: "live",
        size: null,
        async *chunks() {
          for (const [i, len] of lens.entries()) {
            yield bytes.subarray(lens[i - 1] ?? 0, len);
            await new Promise<void>((resolve) => waiting.push(resolve));
          }
        },
      },
    ],
  });
  const { page, close } = await visitPage(around, { url: server.url });
  const row = (frame: number) => page.locator(`main .row[aria-rowindex="${frame + 1}"]`);
  await row(100).waitFor();
  waiting.shift()?.();
  await row(200).waitFor();
  await page.evaluate('document.querySelector("main .list-scroll").scrollTop = 0');
  await row(1).waitFor();
  waiting.shift()?.();
  await page.locator(".open-inputs", { hasText: "300 segments" }).waitFor();
  expect(await row(1).count()).toBe(1);
  await page.evaluate('document.querySelector("main .list-scroll").scrollTop = 1e6');
  await row(300).waitFor();
  waiting.shift()?.();
  await row(400).waitFor();
  waiting.shift()?.();
  await close();
  await server.close();
});
