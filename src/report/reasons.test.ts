import { expect, test } from "vitest";
import type { Reason } from "../analysis/evidence/reason.ts";
import { Verdict } from "../analysis/verdicts/verdict.ts";
import { text } from "../base/lang.ts";
import { ANSI, PLAIN } from "./paint.ts";
import { reasonLines, reasonSection, verdictTag } from "./reasons.ts";
import { textWidth } from "./wrap.ts";

const AGAIN: Reason = {
  name: "retransmission",
  kind: "verdict",
  frame: 12,
  text: text(
    "retransmission of frame 12: its bytes 1461–2920 were sent 212 ms before and never acknowledged",
    "重传第 12 帧：它的第 1461–2920 字节 212 ms 前已经发过，一直没有得到确认",
  ),
};
const FLIGHT: Reason = {
  name: "bytes_in_flight",
  kind: "number",
  frame: 0,
  text: text("1,460 bytes in flight", "在途 1,460 字节"),
};
const ACKS: Reason = {
  name: "acks_frame",
  kind: "number",
  frame: 9,
  text: text("acknowledges frame 9 after 24.0 ms", "24.0 ms 后确认第 9 帧"),
};

test("a line a sentence, one for all numbers, indented and wrapped", () => {
  expect(reasonLines([AGAIN, ACKS, FLIGHT], { lang: "en" }, 6)).toEqual([
    "      retransmission of frame 12: its bytes 1461–2920 were sent 212 ms before",
    "        and never acknowledged",
    "      acknowledges frame 9 after 24.0 ms; 1,460 bytes in flight",
  ]);
  expect(reasonLines([AGAIN, ACKS, FLIGHT], { lang: "zh", columns: 120 }, 6)).toEqual([
    "      重传第 12 帧：它的第 1461–2920 字节 212 ms 前已经发过，一直没有得到确认",
    "      24.0 ms 后确认第 9 帧；在途 1,460 字节",
  ]);
});

test("no line is wider than the terminal, however narrow", () => {
  for (const lang of ["en", "zh"] as const) {
    for (let columns = 40; columns <= 130; columns += 10) {
      const lines = reasonLines([AGAIN, ACKS, FLIGHT], { lang, columns }, 6);
      expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(columns);
    }
  }
});

test("colours are laid on each line, and end with it", () => {
  const plain = reasonLines([AGAIN], { lang: "en" }, 6);
  const lines = reasonLines([AGAIN], { lang: "en", paint: ANSI }, 6);
  expect(lines).toEqual(plain.map((line) => `      ${ANSI.yellow(line.slice(6))}`));
});

test("a section names the fields that say the same", () => {
  expect(reasonSection([ACKS], { lang: "en" })).toBe(
    "What the analysis says\n  acknowledges frame 9 after 24.0 ms\n    tcp.analysis.acks_frame\n",
  );
  expect(reasonSection([], { lang: "en" })).toBe("");
});

test("a tag at the end of a line names the verdicts, not what goes without saying", () => {
  const fast = Verdict.FAST_RETRANSMISSION | Verdict.RETRANSMISSION | Verdict.WINDOW_FULL;
  expect(verdictTag(fast, PLAIN)).toBe(" [window_full, fast_retransmission]");
  expect(verdictTag(Verdict.RETRANSMISSION, PLAIN)).toBe(" [retransmission]");
  expect(verdictTag(0, ANSI)).toBe("");
});
