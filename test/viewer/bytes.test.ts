/** The byte streams, as a person looks at them. */
import { readFileSync } from "node:fs";
import type { Page } from "playwright";
import { beforeAll, expect } from "vitest";
import { concat } from "../../src/base/bytes.ts";
import { findScenario } from "../../src/lab/catalogue.ts";
import { runLab } from "../../src/lab/run.ts";
import { PcapngWriter } from "../../src/pcap/pcapng-writer.ts";
import { packetOf } from "../../src/testing/packets.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import { testWith } from "../needs.ts";
import { seriousIn } from "./axe.ts";
import { type CaptureBytes, chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";

const browserTest = testWith("chromium");

const around = surroundingsOfTests();
let echo: CaptureBytes;
beforeAll(async () => {
  const run = await runLab(findScenario("echo")!, {});
  echo = { name: "echo.pcapng", bytes: run.recordings[0].bytes };
});

async function opened(
  place: string,
  capture: CaptureBytes = echo,
  options: Parameters<typeof visitPage>[1] = {},
): Promise<Visit> {
  const visit = await visitPage(around, { ...options, place });
  await chooseFiles(visit.page, capture);
  await visit.page.locator(".bytes-view").locator(".byte-row, .empty-note").first().waitFor();
  return visit;
}

const lines = (page: Page): ReturnType<Page["locator"]> => page.locator(".byte-cells");

browserTest("text, with writes, segments and reads over it", async () => {
  const { page, errors, close } = await opened("#/stream/0?view=bytes");
  expect(await lines(page).nth(0).textContent()).toBe("hello\\r\\n");
  expect(await lines(page).nth(1).textContent()).toBe("你好，TCP\\r\\n");
  const first = page.locator(".byte-row").first();
  expect(await first.locator(".bar").allTextContents()).toEqual([
    "write 1 · 7 B",
    "#4 · 7 B",
    "read 1 · 7 B",
  ]);
  expect(await page.locator(".stream-sentence").innerText()).toMatch(
    /^3 writes → 6 segments → \d+ reads: the same 5,021 bytes in the same order/,
  );
  await page.getByRole("button", { name: "3 writes" }).click();
  expect(await first.locator(".lane.is-write").count()).toBe(0);
  expect(errors).toEqual([]);
  await close();
});

browserTest("a byte says what it belongs to; a click selects its segment everywhere", async () => {
  const { page, close } = await opened("#/stream/0?view=bytes");
  await page
    .locator(".byte-text")
    .nth(1)
    .hover({ position: { x: 3, y: 10 } });
  const strip = page.locator(".byte-strip");
  await expect.poll(() => strip.innerText()).toContain("byte 7 · 0xe4 · seq 8");
  expect(await strip.innerText()).toContain("write 2: 7–20");
  expect(await strip.innerText()).toMatch(/segment #8: 7–20/);
  await page
    .locator(".byte-text")
    .nth(1)
    .click({ position: { x: 3, y: 10 } });
  await page.getByRole("heading", { name: "Frame 8" }).waitFor();
  await page.locator(".byte-mark.is-selected").waitFor();
  await page.getByRole("button", { name: "Segments", exact: true }).click();
  await page.locator("main .row.is-selected").waitFor();
  expect(await page.locator("main .row.is-selected .num").first().innerText()).toBe("8");
  await close();
});

browserTest(
  "the selected segment shows its direction; j goes to the next one with bytes",
  async () => {
    const { page, close } = await opened("#/stream/0/packet/6?view=bytes");
    await page.locator(".byte-mark.is-selected").waitFor();
    expect(await lines(page).nth(0).textContent()).toBe("your message ishello\\r\\n");
    await page.keyboard.press("j");
    await page.getByRole("heading", { name: "Frame 10" }).waitFor();
    await page.getByRole("button", { name: /client → server/ }).click();
    await expect.poll(() => lines(page).nth(0).textContent()).toBe("hello\\r\\n");
    expect(page.url()).toContain("bytes=client");
    await close();
  },
);

browserTest("keys that follow each other at once all count", async () => {
  const { page, close } = await opened("#/stream/0/packet/4?view=bytes");
  await page.locator(".byte-mark.is-selected").waitFor();
  await Promise.all(Array.from({ length: 4 }, () => page.keyboard.press("j")));
  await page.getByRole("heading", { name: "Frame 14", exact: true }).waitFor();
  await page.locator("html:not([data-waiting])").waitFor();
  expect(page.url()).toContain("/packet/14");
  await close();
});

browserTest("a link restores direction and reading", async () => {
  const { page, close } = await opened("#/stream/0?view=bytes&lang=zh&bytes=server.hex");
  expect(await lines(page).nth(0).textContent()).toBe(
    "79 6f 75 72 20 6d 65 73  73 61 67 65 20 69 73 68",
  );
  expect(await page.locator(".byte-ascii").first().textContent()).toBe("your message ish");
  await page.getByRole("button", { name: "Latin-1" }).click();
  await expect.poll(() => page.url()).toContain("bytes=server.latin1");
  await close();
});

browserTest("words and bytes are found, and the stream is saved", async () => {
  const { page, close } = await opened("#/stream/0?view=bytes");
  const box = page.getByRole("searchbox", { name: "Find in the stream" });
  await box.fill("好");
  await box.press("Enter");
  await page.locator(".byte-mark.is-found").waitFor();
  expect(await page.locator(".byte-found").innerText()).toBe("@ 10");
  await box.fill("0x0d0a");
  await box.press("Enter");
  await expect.poll(() => page.locator(".byte-found").innerText()).toBe("@ 5");
  await box.press("Enter");
  await expect.poll(() => page.locator(".byte-found").innerText()).toBe("@ 19");
  await box.fill("nowhere");
  await box.press("Enter");
  await page.getByText("not found").waitFor();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save" }).click(),
  ]);
  expect(download.suggestedFilename()).toBe("stream-0-client.bin");
  const saved = readFileSync(await download.path());
  expect([saved.length, saved.subarray(0, 7).toString()]).toEqual([5021, "hello\r\n"]);
  await close();
});

/** What the clipboard holds. */
async function copied(page: Page): Promise<string> {
  return await page.evaluate<string>("navigator.clipboard.readText()");
}

/** May read and write the clipboard. */
async function openedToCopy(place: string, capture: CaptureBytes = echo): Promise<Visit> {
  const visit = await opened(place, capture);
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  return visit;
}

browserTest("bytes are copied and saved by keys alone: a segment's, a write's, any", async () => {
  const { page, errors, close } = await openedToCopy("#/stream/0/packet/8?view=bytes");
  await page.locator(".byte-mark.is-selected").waitFor();
  await page.keyboard.press("c");
  const which = page.getByRole("combobox", { name: "Bytes to copy" });
  await expect.poll(() => which.locator("option:checked").innerText()).toContain(": 7–20");
  expect(await page.locator(":focus").getAttribute("class")).toBe("input");
  const press = async (name: string): Promise<void> => {
    await page.getByRole("button", { name, exact: true }).press("Enter");
    await page.getByText("bytes were copied.").waitFor();
  };
  await press("Copy text");
  expect(await copied(page)).toBe("你好，TCP\r\n");
  await press("Copy hexdump");
  await expect
    .poll(() => copied(page))
    .toBe("00000007  e4 bd a0 e5 a5 bd ef bc  8c 54 43 50 0d 0a        |.........TCP..|\n");
  await page.getByRole("spinbutton", { name: "First byte" }).fill("2");
  await page.getByRole("spinbutton", { name: "Last byte" }).fill("4");
  await page.keyboard.press("Tab");
  // On the way to the last byte the chosen ones may lie in two rows.
  await expect.poll(() => page.locator(".byte-mark.is-chosen").count()).toBe(1);
  expect(await which.locator("option:checked").innerText()).toBe("chosen: 2–4");
  await press("Copy hex");
  await expect.poll(() => copied(page)).toBe("6c6c6f");
  await which.selectOption({ label: "write 1: 0–6" });
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save these" }).press("Enter"),
  ]);
  expect(readFileSync(await download.path(), "utf8")).toBe("hello\r\n");
  await page.keyboard.press("Escape");
  await which.waitFor({ state: "detached" });
  expect(errors).toEqual([]);
  await close();
});

browserTest("a drag chooses bytes, Ctrl+C copies them; the bar of a write all of its", async () => {
  const { page, close } = await openedToCopy("#/stream/0?view=bytes");
  const first = (await page.locator(".byte-text").first().boundingBox())!;
  const column = (await page.locator(".byte-ruler").boundingBox())!.width / 100;
  const at = (i: number): number => first.x + column * (i + 0.5);
  await page.mouse.move(at(1), first.y + 10);
  await page.mouse.down();
  await page.mouse.move(at(3), first.y + 10, { steps: 3 });
  await page.mouse.up();
  await page.locator(".byte-mark.is-chosen").waitFor();
  expect(page.url()).not.toContain("packet");
  await page.keyboard.press("Control+c");
  await expect.poll(() => copied(page)).toBe("ell");
  await page.locator(".lane.is-write .bar").first().click();
  await page.keyboard.press("Control+c");
  await expect.poll(() => copied(page)).toBe("hello\r\n");
  await page
    .locator(".byte-text")
    .nth(1)
    .click({ position: { x: 3, y: 10 } });
  await page.getByRole("heading", { name: "Frame 8" }).waitFor();
  expect(await page.locator(".byte-mark.is-chosen").count()).toBe(0);
  await close();
});

browserTest(
  "what is hostile is copied as escapes, saved as it is, and holes are told of",
  async () => {
    const { page, close } = await openedToCopy("#/stream/0?view=bytes", hostileCapture());
    await page.keyboard.press("c");
    const whole = page.locator(".byte-copy option", { hasText: "the whole direction" });
    await page.locator(".byte-copy select").selectOption(await whole.innerText());
    await page.getByRole("button", { name: "Copy text" }).click();
    await page.getByText("the 50 missing ones are left out").waitFor();
    const words = await copied(page);
    expect(words).toContain("<img src=x onerror=alert(1)><script>alert(2)</script>&amp;\n");
    expect(words).toContain("\\x00\\x1b[31m\\u202eabc\\u2066\\u200b\\u{e0041}");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Save these" }).click(),
    ]);
    expect(
      readFileSync(await download.path())
        .subarray(0, HOSTILE.length)
        .toString(),
    ).toContain("\0\u001b[31m\u202eabc");
    await close();
  },
);

const HOSTILE = [
  "<img src=x onerror=alert(1)><script>alert(2)</script>&amp;",
  "\0\u001b[31m\u202eabc\u2066\u200b\u{e0041}",
].join("\n");

function hostileCapture(): CaptureBytes {
  const payload = concat(
    new TextEncoder().encode(HOSTILE),
    Uint8Array.of(0xff, 0xc0, 0xaf, 0xed, 0xa0, 0x80),
  );
  const writer = new PcapngWriter();
  const parts = [writer.section(), writer.iface({ linkType: LinkType.RAW, snapLen: 0 })];
  const end = 101 + payload.length;
  [
    "0 > S 100",
    "1 < S. 300 ack 101",
    "2 > . 101 ack 301",
    `3 > P. 101:${end}(${payload.length}) ack 301`,
    `4 > P. ${end + 50}:${end + 51}(1) ack 301`,
  ].forEach((line, i) => {
    const packet = packetOf(line, i + 1);
    if (i === 3) new Uint8Array(packet.view.buffer).set(payload, packet.capLen - payload.length);
    parts.push(writer.packet(packet));
  });
  return { name: "hostile.pcapng", bytes: concat(...parts) };
}

browserTest("what is hostile is shown as text, and what is missing as a hole", async () => {
  for (const view of ["bytes", "bytes&bytes=latin1", "bytes&bytes=hex", "story", "findings"]) {
    const place = `#/stream/0/packet/4?view=${view}`;
    const { page, errors, close } = await visitPage(around, { place });
    await chooseFiles(page, hostileCapture());
    await page.locator(".byte-row, .sentence, .finding").first().waitFor();
    if (view === "bytes") {
      const shown = (await lines(page).allTextContents()).join("");
      expect(shown).toContain("<img src=x onerror=alert(1)><script>alert(2)</script>&amp;\\n");
      expect(shown).toContain("\\x00\\x1b[31m\\u202eabc\\u2066\\u200b\\u{e0041}");
      expect(shown).toContain("\\xff\\xc0\\xaf\\xed\\xa0\\x80");
      expect(await page.locator(".hole").innerText()).toContain("50 bytes missing");
    }
    expect(await page.locator("main img, main script").count()).toBe(0);
    expect(errors).toEqual([]);
    await close();
  }
});

browserTest("a direction without data says so", async () => {
  const { page, close } = await opened("#/stream/0?view=bytes&bytes=server", hostileCapture());
  await page.getByText("Nothing was sent in this direction.").waitFor();
  await close();
});

browserTest.each(["light", "dark"] as const)("axe finds nothing serious, %s", async (theme) => {
  for (const as of ["client", "server.hex"]) {
    const place = `#/stream/0/packet/4?view=bytes&bytes=${as}`;
    const { page, close } = await opened(place, echo, { theme });
    await page.locator(".byte-cells").first().waitFor();
    await page.keyboard.press("c");
    await page.locator(".byte-copy").waitFor();
    expect({ as, found: await seriousIn(page) }).toEqual({ as, found: [] });
    await close();
  }
});

browserTest.each(["en", "zh"] as const)(
  "at 1280 px the find box says all that it takes, %s",
  async (lang) => {
    const { page, close } = await opened("#/stream/0?view=bytes", echo, { lang, width: 1280 });
    await page.locator(".byte-find input").waitFor();
    // As narrow as it ever is, whatever stands beside it.
    const room = await page.evaluate<number>(`(() => {
    const input = document.querySelector(".byte-find input");
    const { font, paddingLeft, paddingRight } = getComputedStyle(input);
    const words = document.createElement("canvas").getContext("2d");
    words.font = font;
    const least = parseFloat(getComputedStyle(input.parentElement).minWidth);
    return least - 2 - parseFloat(paddingLeft) - parseFloat(paddingRight) - words.measureText(input.placeholder).width;
  })()`);
    expect(room).toBeGreaterThanOrEqual(0);
    await close();
  },
);
