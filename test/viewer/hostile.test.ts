/** What a capture, a server and a network may do to the page. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import type { Page } from "playwright";
import { expect } from "vitest";
import { concat } from "../../src/base/bytes.ts";
import { startViewServer } from "../../src/node/view/server.ts";
import { PcapngWriter } from "../../src/pcap/pcapng-writer.ts";
import { callsOf, packetOf } from "../../src/testing/packets.ts";
import { withError } from "../../src/viewer/model/ladder.fixture.ts";
import { LinkType } from "../../src/wire/linktype.ts";
import { testWith } from "../needs.ts";
import { MAIN } from "../seqack.ts";
import { chooseFiles, type Visit, visitPage } from "./browser.ts";
import { surroundingsOfTests } from "./surroundings.ts";
import { SAMPLE } from "./sample.ts";

const browserTest = testWith("chromium");
const PAGE = new URL("../../dist/viewer/", import.meta.url).pathname;

const around = surroundingsOfTests();

const rows = (page: Page): ReturnType<Page["locator"]> => page.locator("main .list .row");

/** HTML, scripts, bidi controls, a NUL, what a terminal obeys, what Mermaid does, and no end of it. */
const EVIL = [
  '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>',
  "<a href=javascript:window.hurt=1>x</a>&lt;&amp;${window.hurt=1}",
  "\u202egnp.\u0000\u0007\u001b]0;hurt\u0007\u001b[31m\u0085\u2066\u200f",
  '\nend\n%%{init: {}}%%\n  click c href "javascript:window.hurt=1";',
].join("");

/** Broken UTF-8. */
const BROKEN = Uint8Array.of(0xff, 0xc0, 0x80, 0xed, 0xa0);

/** Payload, comments, interface and calls of one mind; errors and comments also as long as there can be. */
function evilBytes(): Uint8Array {
  const writer = new PcapngWriter({ application: EVIL });
  const payload = concat(new TextEncoder().encode(EVIL), BROKEN);
  const lines = [
    "0 > S 100 win 65535",
    "1 < S. 300 ack 101 win 65535",
    "2 > . 101 ack 301 win 65535",
    `3 > P. 101:${101 + payload.length}(${payload.length}) ack 301 win 65535`,
  ];
  const parts = [
    writer.section(),
    writer.iface({ linkType: LinkType.RAW, name: EVIL, filter: EVIL }),
  ];
  for (const [i, line] of lines.entries()) {
    const packet = packetOf(line, i + 1);
    if (i === 3) new Uint8Array(packet.view.buffer).set(payload, packet.capLen - payload.length);
    parts.push(writer.packet({ ...packet, comments: i === 3 ? [EVIL, LONG_COMMENT] : [] }));
  }
  const calls = callsOf(["client dial -0.5 2", "client write 2.5 2.6 10", "client close 4 5"]);
  const clock = { kind: "clock", source: EVIL, errorNs: 1000 } as const;
  const failed = withError(withError(calls, "write", EVIL), "close", EVIL.repeat(9).slice(0, 1024));
  parts.push(writer.events([clock, ...failed]));
  return concat(...parts);
}

const LONG_COMMENT = EVIL.repeat(200).slice(0, 60_000);

/** As a file's name a browser takes it: without what a path may not hold. */
const EVIL_NAME = `${["/", "\u0000", "\n"].reduce((name, c) => name.replaceAll(c, ""), EVIL)}.pcapng`;

/** What shows on the page or is read aloud, and what happened: nothing but words. */
const HARM = `(() => {
  const bad = /[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]/;
  const told = [document.title, location.hash, document.body.innerText];
  for (const element of document.querySelectorAll("body *")) {
    for (const { name, value } of element.attributes) told.push(name + "=" + value);
    if ("value" in element) told.push(String(element.value));
  }
  for (const words of document.querySelectorAll("svg text")) told.push(words.textContent);
  return [
    window.hurt ?? null,
    document.querySelectorAll("img, iframe, script:not([src]), [href^='javascript'], [onerror]").length,
    told.filter((one) => bad.test(one)).map((one) => JSON.stringify(one).slice(0, 200)),
  ];
})()`;

/** Opened, with all of it read. */
async function evilPage(place: string): Promise<Visit> {
  const visit = await visitPage(around, { place });
  await visit.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await chooseFiles(visit.page, { name: EVIL_NAME, bytes: evilBytes() });
  await visit.page.locator(".reasons .told").first().waitFor();
  return visit;
}

browserTest.each(["en", "zh"])(
  "hostile bytes, comments, calls and names are text in every view, %s",
  async (lang) => {
    const { page, errors, close } = await evilPage(`#/stream/0/packet/4?lang=${lang}`);
    const views = page.locator("nav.views button.tab");
    for (let i = 0; i < (await views.count()); i++) {
      await views.nth(i).click();
      await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
      const shown = page.locator("main");
      await expect.poll(async () => (await shown.innerText()).length).toBeGreaterThan(40);
      const view = await views.nth(i).innerText();
      expect({ view, harm: await page.evaluate(HARM) }).toEqual({ view, harm: [null, 0, []] });
    }
    await page.keyboard.press("Control+o");
    await chooseFiles(page, { name: EVIL_NAME, bytes: SAMPLE.bytes });
    await page.getByRole("dialog").waitFor();
    expect(await page.evaluate(HARM)).toEqual([null, 0, []]);
    expect(errors).toEqual([]);
    await close();
  },
);

/** What a control could do in a file of words; line ends are none. */
// oxlint-disable-next-line no-control-regex -- these are what it looks for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200f\u202a-\u202e\u2066-\u2069]/;

async function download(page: Page, name: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name, exact: true }).click(),
  ]);
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

browserTest.each(["en", "zh"])("what is saved and copied of it is words too, %s", async (lang) => {
  const { page, errors, close } = await evilPage(`#/stream/0/packet/4?view=ladder&lang=${lang}`);
  for (const view of ["ladder", "graphs"]) {
    await page.evaluate(`location.hash = "#/stream/0/packet/4?view=${view}&lang=${lang}"`);
    await page.locator(view === "ladder" ? ".ladder .picture" : ".plot canvas").waitFor();
    await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
    const svg = await download(page, "SVG");
    const words = svg.bytes.toString();
    expect(words).not.toMatch(CONTROLS);
    const harm = await page.evaluate(`(() => {
        const file = new DOMParser().parseFromString(${JSON.stringify(words)}, "image/svg+xml");
        return file.querySelectorAll("parsererror, script, img, a, foreignObject, [onerror]").length;
      })()`);
    expect(harm).toBe(0);
    expect(words).toContain("&lt;img src=x");
    expect(words.length).toBeLessThan(100_000);
    const png = await download(page, "PNG");
    expect(png.bytes.readUInt32BE(16)).toBeGreaterThan(1000);
    for (const { name } of [svg, png]) expect(name).toMatch(/^[\w-]+\.(svg|png)$/);
    if (view !== "ladder") continue;
    const mermaid = await download(page, "Mermaid");
    expect(mermaid.name).toMatch(/^[\w-]+\.mmd$/);
    const lines = mermaid.bytes.toString().trimEnd();
    expect(lines).not.toMatch(CONTROLS);
    // Nothing of a recording begins a line, and its letters are entities.
    for (const line of lines.split("\n").slice(1)) {
      expect(line).toMatch(/^ {2}(?:participant [cs] as |[cs]->>[cs]: |Note [\w, ]+: )[^<>"]*$/);
    }
  }
  await page.locator(".copy-link").click();
  const link = await page.evaluate<string>("navigator.clipboard.readText()");
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#\/f\/[\w/?&=]+$/);
  expect(errors).toEqual([]);
  await close();
});

browserTest("a hostile link is words, however long", async () => {
  const evil = encodeURIComponent(EVIL);
  for (const place of [
    `#/f/${evil}/stream/${evil}/packet/${evil}?view=${evil}&show=${evil}&t=${evil}&bytes=${evil}`,
    `#/stream/0/packet/4?filter=${evil}&lang=${evil}&theme=${evil}&time=${evil}`,
    `#/stream/0/packet/4?filter=${"x".repeat(2 ** 20)}&show=${"y,".repeat(2 ** 16)}`,
    "#/stream/1e99/packet/-1?t=NaN,Infinity&view=graphs&show=sequence,9,y1e999:-1",
    "#/stream/0?%%%&view=%E4%&view=constructor&show=__proto__",
  ]) {
    const { page, errors, close } = await visitPage(around, { place });
    await chooseFiles(page, SAMPLE);
    await page.locator("html:not([data-waiting])").waitFor({ state: "attached" });
    await page.locator("main .list, main .view-column, main .empty-note").first().waitFor();
    const harm = await page.evaluate(HARM);
    expect({ place: place.slice(0, 60), harm, errors }).toEqual({
      place: place.slice(0, 60),
      harm: [null, 0, []],
      errors: [],
    });
    await close();
  }
});

const ENDLESS = "a stream that never ends is stopped, and what came is there, %i px wide";
browserTest.each([1280, 400])(ENDLESS, async (width) => {
  const writer = new PcapngWriter();
  const head = concat(writer.section(), writer.iface({ linkType: LinkType.RAW }));
  const packet = writer.packet(packetOf("0 > P. 1:101(100) ack 1 win 1000", 1));
  const many = concat(...Array.from({ length: 500 }, () => packet));
  let isGivenUp = false;
  const server = await startViewServer({
    page: PAGE,
    recordings: [
      {
        name: "endless",
        size: null,
        async *chunks(signal) {
          signal.addEventListener("abort", () => (isGivenUp = true));
          yield head;
          while (!signal.aborted) yield many;
        },
      },
    ],
  });
  const { page, close } = await visitPage(around, { url: server.url, width });
  await rows(page).first().waitFor();
  const stop = page.getByRole("button", { name: "Stop" });
  await stop.waitFor();
  const { x, width: wide } = (await stop.boundingBox())!;
  expect(x + wide).toBeLessThanOrEqual(width);
  await stop.click();
  await page.getByText("Reading was stopped.").waitFor();
  expect(await rows(page).count()).toBeGreaterThan(10);
  await expect.poll(() => isGivenUp).toBe(true);
  await close();
  await server.close();
});

const liveTest = testWith("chromium", "linux", "root");

/** `seqack view …` on its way, and the address that it prints. */
async function startView(...args: readonly string[]): Promise<{
  readonly url: string;
  readonly stdin: NodeJS.WritableStream;
  readonly end: () => Promise<void>;
}> {
  const child = spawn(process.execPath, [MAIN, "view", "--no-open", ...args], {
    stdio: ["pipe", "pipe", "ignore"],
  });
  child.stdin.on("error", () => {});
  const ended = once(child, "exit");
  const [line] = await once(child.stdout, "data");
  return {
    url: String(line).trim(),
    stdin: child.stdin,
    async end() {
      child.kill("SIGTERM");
      await ended;
    },
  };
}

/** One connection on loopback, from its first segment to its last. */
async function talk(port: number): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.end("hello");
  socket.resume();
  await once(socket, "close");
}

liveTest("a live capture grows, and the page says when seqack has ended", async () => {
  const server = createServer((socket) => socket.end("hi").resume());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it listens on TCP
  const { port } = server.address() as AddressInfo;
  const view = await startView("-i", "lo", "tcp", "port", String(port));
  const { page, close } = await visitPage(around, { url: view.url });
  const conversations = page.locator(".open-inputs");
  await talk(port);
  await rows(page).nth(6).waitFor();
  await expect.poll(() => conversations.innerText()).toContain("1 conversation");
  await talk(port);
  await expect.poll(() => conversations.innerText()).toContain("2 conversations");
  await view.end();
  await page.getByText("seqack view has ended.").waitFor();
  await close();
  server.close();
});

browserTest("a copied link selects in its own recording only, and says so in another", async () => {
  const first = await visitPage(around);
  await first.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await chooseFiles(first.page, SAMPLE);
  await rows(first.page).nth(3).click();
  await first.page.locator(".inspector .line", { hasText: "10.0.0." }).waitFor();
  await first.page.locator(".copy-link").click();
  const link: unknown = await first.page.evaluate("navigator.clipboard.readText()");
  const place = new URL(String(link)).hash;
  expect(place).toMatch(/^#\/f\/[0-9a-f]{16}\/stream\/0\/packet\/4/);
  await first.close();
  for (const [name, bytes, isItsOwn] of [
    ["renamed.pcapng", SAMPLE.bytes, true],
    [SAMPLE.name, evilBytes(), false],
  ] as const) {
    const { page, close } = await visitPage(around, { place });
    await chooseFiles(page, { name, bytes });
    await rows(page).nth(3).waitFor();
    await page.locator(".reading").waitFor({ state: "detached" });
    const said = page.getByText("The link is about another recording");
    await expect.poll(() => said.count()).toBe(isItsOwn ? 0 : 1);
    await expect.poll(() => page.locator("main .row.is-selected").count()).toBe(isItsOwn ? 1 : 0);
    await close();
  }
});

browserTest("what comes through a pipe is shown as it comes", async () => {
  const view = await startView("-");
  const { page, close } = await visitPage(around, { url: view.url });
  view.stdin.write(SAMPLE.bytes);
  await rows(page).nth(12).waitFor();
  await page.getByRole("button", { name: "Stop" }).waitFor();
  view.stdin.end();
  await page.locator(".reading").waitFor({ state: "detached" });
  expect(await rows(page).count()).toBe(13);
  await view.end();
  await page.getByText("seqack view has ended.").waitFor();
  await close();
});
