import fc from "fast-check";
import stringWidth from "string-width";
import { expect, test } from "vitest";
import { concat, parseHex, viewOf } from "../base/bytes.ts";
import type { Lang } from "../base/lang.ts";
import { guessStart, layoutGuess } from "../wire/layout/guess.ts";
import { layoutPacket, layoutTcp } from "../wire/layout/packet.ts";
import { LinkType } from "../wire/linktype.ts";
import { renderHeaders } from "./header.ts";
import { ANSI, PLAIN } from "./paint.ts";

const ARTICLE = parseHex("cbcc1f90 abefd221 2b3209e5 50180405 cefc0000 68656c6c6f0d0a");

function render(bytes: Uint8Array, lang: Lang, columns: number): string {
  return renderHeaders(layoutGuess(bytes, guessStart(bytes)), bytes, {
    lang,
    columns,
    paint: PLAIN,
  });
}

test("the article's 27 bytes in 80 columns", () => {
  expect(`\n${render(ARTICLE, "en", 80)}`).toBe(`
0000  cb cc 1f 90 ab ef d2 21  2b 32 09 e5 50 18 04 05  .......!+2..P...
      a───┘ b───┘ c─────────┘  d─────────┘ e  f  g───┘
0010  ce fc 00 00 68 65 6c 6c  6f 0d 0a                 ....hello..
      h───┘ i───┘ j───────────────────┘

TCP · 20 bytes at 0
      0                   1                   2                   3
      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
     ┌───────────────────────────────┬───────────────────────────────┐
   0 │          Source port          │       Destination port        │
     │         cb cc = 52172         │         1f 90 = 8080          │
     ├───────────────────────────────┴───────────────────────────────┤
   4 │                        Sequence number                        │
     │                   ab ef d2 21 = 2884620833                    │
     ├───────────────────────────────────────────────────────────────┤
   8 │                     Acknowledgment number                     │
     │                    2b 32 09 e5 = 724699621                    │
     ├───────┬─────┬─┬─┬─┬─┬─┬─┬─┬─┬─┬───────────────────────────────┤
  12 │Header │     │ │C│E│U│A│P│R│S│F│                               │
     │length │Rsvd │A│W│C│R│C│S│S│Y│I│            Window             │
     │ 0101  │ 000 │E│R│E│G│K│H│T│N│N│         04 05 = 1029          │
     │20 (5) │     │0│0│0│0│1│1│0│0│0│                               │
     ├───────┴─────┴─┴─┴─┴─┴─┴─┴─┴─┴─┼───────────────────────────────┤
  16 │           Checksum            │        Urgent pointer         │
     │             ce fc             │           00 00 = 0           │
     ├───────────────────────────────┴───────────────────────────────┤
  20 │                             Data                              │
     │                     68 65 6c 6c 6f 0d 0a                      │
     │                           hello\\r\\n                           │
     └───────────────────────────────────────────────────────────────┘

   bytes        field           value       meaning
a  cb cc        Source port     52172       port of the program that sent this
b  1f 90        Destination     8080        port of the program it goes to
                port
c  ab ef d2 21  Sequence        2884620833  its 7 bytes of data are numbered
                number                      2884620833 to 2884620839
d  2b 32 09 e5  Acknowledgment  724699621   everything before 724699621 has
                number                      arrived; this one is expected next
e  50           Header length   20 (5)      5 words of 4 bytes: no options
                Rsvd            0           reserved, 0
                AE              0           no accurate ECN here
f  18           CWR             0           no slowing down to report
                ECE             0           no congestion to report
                URG             0           nothing urgent
                ACK             1           the acknowledgment number counts
                PSH             1           the sender has no more for now: hand
                                            it to the program
                RST             0           the connection is not broken off
                SYN             0           opens nothing
                FIN             0           the sender may send more
g  04 05        Window          1029        I have room for 1029 bytes, times
                                            the agreed scale
h  ce fc        Checksum        0xcefc      cannot be checked without the IP
                                            addresses
i  00 00        Urgent pointer  0           means nothing: the URG flag is not
                                            set

Data · 7 bytes at 20
   bytes        field  value      meaning
j  68 65 6c …   Data   hello\\r\\n  7 bytes for the program
`);
});

test("the same in Chinese, in boxes of the same width", () => {
  const text = render(ARTICLE, "zh", 80);
  expect(text).toContain("│            源端口             │           目的端口            │");
  expect(text).toContain(
    "c  ab ef d2 21  序号      2884620833  它的 7 个数据字节编号为 2884620833 到",
  );
});

const SYN = parseHex(
  "ffffffffffff020000000001 8100b005 0800 4500004b 1c464000 4006b1e6 7f000001 7f000001" +
    "cbcc1f90abefd22100000000d0c20405cefc0000 020405b40402080a000000010000000001030307 004404aabb0101 68656c",
);

test.each<[Lang, number]>([
  ["en", 80],
  ["zh", 80],
  ["en", 120],
  ["zh", 120],
])("every layer of a frame fits: %s in %d columns", (lang, columns) => {
  const text = render(SYN, lang, columns);
  const tooWide = text.split("\n").filter((line) => stringWidth(line) > columns);
  expect(tooWide).toEqual([]);
  expect(text).toContain("MSS");
});

test("boxes close: every line of a picture is as wide as its row", () => {
  for (const lang of ["en", "zh"] as const) {
    const lines = render(ARTICLE, lang, 80).split("\n");
    const inside = lines.filter((line) => /^ {3,5}\d* ?[│├└┌]/.test(line));
    expect(inside.length).toBeGreaterThan(15);
    expect(new Set(inside.map((line) => stringWidth(line)))).toEqual(new Set([70]));
  }
});

test("colours change nothing but colours", () => {
  const layouts = layoutGuess(SYN, guessStart(SYN));
  const options = { lang: "en", columns: 80 } as const;
  const coloured = renderHeaders(layouts, SYN, { ...options, paint: ANSI });
  // oxlint-disable-next-line no-control-regex -- the escapes are what is taken away
  const stripped = coloured.replaceAll(/\x1b\[\d+m/g, "");
  expect(stripped).toBe(renderHeaders(layouts, SYN, { ...options, paint: PLAIN }));
});

test("only the headers that are asked for are drawn and dumped", () => {
  const layouts = layoutPacket(viewOf(SYN), 0, SYN.length, SYN.length, LinkType.ETHERNET);
  const ip = layouts.filter((l) => l.protocol === "ip");
  const text = renderHeaders(ip, SYN, { lang: "en", columns: 80, paint: PLAIN });
  expect(text).toContain("IPv4 · 20 bytes at 0");
  expect(text).not.toContain("Ethernet ·");
  expect(text.split("\n")[0]).toMatch(/^0000 {2}45 00/);
});

test("long data is cut in the dump, and said so", () => {
  const long = concat(ARTICLE, new Uint8Array(1000));
  expect(render(long, "en", 80)).toContain("… 879 more bytes");
});

test("what a payload holds cannot act on the terminal", () => {
  const nasty = new TextEncoder().encode("\x1b]52;c;AAAA\x07\x9b31m\u202e<b>");
  const text = render(concat(ARTICLE.subarray(0, 20), nasty), "en", 80);
  // oxlint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/.test(text)).toBe(false);
});

test("any bytes are drawn within the width", () => {
  const starts = fc.constantFrom(
    "",
    "4500",
    "60",
    "cbcc1f90abefd2212b3209e5f018",
    "ffffffffffff0200000000010800 4f",
  );
  fc.assert(
    fc.property(
      starts,
      fc.uint8Array({ maxLength: 120 }),
      fc.constantFrom<Lang>("en", "zh"),
      (s, b, lang) => {
        const bytes = concat(parseHex(s), b);
        const lines = render(bytes, lang, 80).split("\n");
        const asTcp = renderHeaders(
          layoutTcp(viewOf(bytes), 0, bytes.length, bytes.length),
          bytes,
          {
            lang,
            columns: 120,
            paint: PLAIN,
          },
        );
        expect(Math.max(...lines.map((l) => stringWidth(l)))).toBeLessThanOrEqual(80);
        expect(Math.max(...asTcp.split("\n").map((l) => stringWidth(l)))).toBeLessThanOrEqual(120);
      },
    ),
    { numRuns: 300 },
  );
});
