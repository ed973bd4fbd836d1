import { expect, test } from "vitest";
import { callsOf, traceOf } from "../testing/packets.ts";
import { formatLadder } from "./ladder.ts";
import { ANSI } from "./paint.ts";
import { textWidth } from "./wrap.ts";

const LINES = [
  "1 > S 100 win 65495 mss 65495",
  "1.03 < S. 300 ack 101 win 65483 mss 65495",
  "1.05 > . 101 ack 301 win 512",
  "1.4 > P. 101:20101(20000) ack 301 win 512 gso 1448",
  "1.43 < . 301 ack 20101 win 512",
  "1.6 < P. 301:321(20) ack 20101 win 512",
  "1.62 > . 20101 ack 321 win 512",
  "4 > F. 20101 ack 321 win 512",
  "4.1 < F. 321 ack 20102 win 512",
  "4.12 > . 20102 ack 322 win 512",
];

const CALLS = [
  "server listen 0.2 0.3",
  "server accept 0.31 1.2",
  "client dial 0.9 1.1",
  "server read 1.25 1.5 20000",
  "client write 1.35 1.41 20000",
  "client read 1.45 1.7 20",
  "server write 1.55 1.6 20",
  "client close 3.9 4.02",
  "server read 1.65 4.05 eof",
  "server close 4.06 4.08",
];

const trace = traceOf(LINES, callsOf(CALLS));

test("the ladder in 80 columns", () => {
  expect(`\n${formatLadder(trace, 0, { lang: "en" })}`).toBe(`
client 10.0.0.1:40000, server 10.0.0.2:80

 #       µs          client                                      server
                     CLOSED │                                  │ LISTEN
       -700                 │                                  ├ listen → ok
          0            dial ┤                                  │
 1      100        SYN-SENT ├─ SYN seq 0 ─────────────────────▶│
 2      130     ESTABLISHED │◀─────────── SYN,ACK seq 0 ack 1 ─┤ SYN-RECEIVED
 3      150                 ├─ ACK ack 1 ─────────────────────▶│ ESTABLISHED
        200       dial → ok ┤                                  │
        300                 │                                  ├ accept → ok
        450     write 20000 ┤                                  │
 4      500                 ├─ PSH,ACK seq 1 ack 1 len 20000 ─▶│
 5      530                 │◀───────────────── ACK ack 20001 ─┤
        600                 │                                  ├ read → 20000
        650                 │                                  ├ write 20 → ok
 6      700                 │◀────────── PSH,ACK seq 1 len 20 ─┤
 7      720                 ├─ ACK ack 21 ────────────────────▶│
        800       read → 20 ┤                                  │
       3000      close → ok ┤                                  │
 8     3100      FIN-WAIT-1 ├─ FIN,ACK seq 20001 ack 21 ──────▶│ CLOSE-WAIT
       3150                 │                                  ├ read → EOF
       3160                 │                                  ├ close → ok
 9     3200       TIME-WAIT │◀────── FIN,ACK seq 21 ack 20002 ─┤ LAST-ACK
10     3220                 ├─ ACK ack 22 ────────────────────▶│ CLOSED
`);
});

test.each([60, 80, 100, 120, 200])(
  "no line is wider than %i columns, in either language",
  (columns) => {
    for (const lang of ["en", "zh"] as const) {
      for (const line of formatLadder(trace, 0, { lang, columns }).split("\n")) {
        expect(textWidth(line)).toBeLessThanOrEqual(columns);
      }
    }
  },
);

test("colours change nothing but colour", () => {
  const plain = formatLadder(trace, 0, { lang: "en" });
  const colour = formatLadder(trace, 0, { lang: "en", paint: ANSI });
  expect(colour).not.toBe(plain);
  // oxlint-disable-next-line no-control-regex -- the escapes are what is taken away
  const bare = colour.replace(/\u001b\[\d+m/g, "");
  expect(bare.replace(/ +$/gm, "")).toBe(plain);
});

test("a long ladder leaves out its middle and counts it", () => {
  const long = traceOf([
    ...LINES.slice(0, 3),
    ...Array.from({ length: 200 }, (_, i) => `2 > P. ${101 + i}:0(1) ack 301`),
  ]);
  const lines = formatLadder(long, 0, { lang: "en", maxRows: 10 }).trimEnd().split("\n");
  expect(lines).toHaveLength(4 + 10 + 1);
  expect(lines[4 + 6]).toContain("… 193 more segments …");
});

test("a call that disagrees with the clock stands on the right side of its segment all the same", () => {
  const late = traceOf(
    LINES.slice(0, 4),
    callsOf(["client dial 1.01 1.02", "client write 1.5 1.6 20000"]),
  );
  const text = formatLadder(late, 0, { lang: "en" });
  const order = ["dial ┤", "SYN seq 0 ─", "SYN,ACK", "dial → ok", "write 20000", "len 20000"];
  const at = order.map((part) => text.indexOf(part));
  expect(at).toEqual(at.toSorted((a, b) => a - b));
  expect(at).not.toContain(-1);
});

test("errors and names of a program are shown escaped", () => {
  const [dial] = callsOf(["client dial 0.9 1.1"]);
  const evil = traceOf(LINES.slice(0, 2), [{ ...dial!, error: "\u001b[31mreset" }]);
  expect(formatLadder(evil, 0, { lang: "en", columns: 120 })).toContain("dial → \\x1b[31mreset");
});
