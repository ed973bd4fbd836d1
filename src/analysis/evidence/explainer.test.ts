import { expect, test } from "vitest";
import { packetOf } from "../../testing/packets.ts";
import { SegmentTracker } from "../../trace/tracker.ts";
import { VerdictAnalyzer } from "../verdicts/analyzer.ts";
import { Explainer } from "./explainer.ts";
import type { Reason } from "./reason.ts";

/** The reasons of each line; positions count from the SYNs, 100 and 300. */
function reasonsOf(lines: readonly string[], base = { seq: 0, ack: 0 }): (readonly Reason[])[] {
  const out: (readonly Reason[])[] = [];
  const analyzer = new VerdictAnalyzer();
  const explainer = new Explainer();
  const tracker = new SegmentTracker({
    onSegment(s) {
      explainer.pass(s, analyzer.analyze(s));
      out.push(explainer.reasons(s.dir === 0 ? base : { seq: base.ack, ack: base.seq }));
    },
  });
  for (const [i, line] of lines.entries()) tracker.onPacket(packetOf(line, i + 1));
  return out;
}

/** 10 ms from end to end; 4 bytes a window unit. */
const HANDSHAKE = [
  "0 > S 100 win 1000 mss 1000 wscale 2",
  "10 < S. 300 ack 101 win 1000 mss 1000 wscale 2",
  "10 > . 101 ack 301 win 1000",
];

/** What is said of the last line, but numbers. */
function said(lang: "en" | "zh", ...lines: string[]): string[] {
  const last = reasonsOf([...HANDSHAKE, ...lines], { seq: 100, ack: 300 }).at(-1)!;
  return last.filter(({ kind }) => kind !== "number").map(({ text }) => text[lang]);
}

const DATA = "20 > . 101:201(100) ack 301 win 1000";
const MORE = "21 > . 201:301(100) ack 301 win 1000";
const DUP = ". 301 ack 101 win 900";

// oxfmt-ignore
test.each([
  ["retransmission of frame 4: its bytes 1–100 were sent 212 ms before and never acknowledged",
    "重传第 4 帧：它的第 1–100 字节 212 ms 前已经发过，一直没有得到确认",
    [DATA, "232 > . 101:201(100) ack 301"]],
  ["retransmission: of its bytes 1–200 the first 100 were sent in frame 4, 212 ms before, and never acknowledged",
    "重传：它的第 1–200 字节中，前 100 字节 212 ms 前已在第 4 帧发过，一直没有得到确认",
    [DATA, MORE, "232 > . 101:301(200) ack 301"]],
  ["retransmission: of its bytes 51–150 the first 50 had been acknowledged already, by frame 6 at the latest",
    "重传：它的第 51–150 字节中，前 50 字节早已得到确认，最迟在第 6 帧",
    [DATA, MORE, "30 < . 301 ack 201 win 900", "232 > . 151:251(100) ack 301"]],
  ["retransmission of frame 4: its FIN was sent 1.00 ms before and never acknowledged",
    "重传第 4 帧：它的 FIN 标志 1.00 ms 前已经发过，一直没有得到确认",
    ["20 > F. 101 ack 301", "21 > F. 101 ack 301"]],
  ["spurious retransmission: not needed, its bytes 1–100 had been acknowledged already, by frame 5 at the latest (2.00 ms before)",
    "虚假重传：没有必要，它的第 1–100 字节早已得到确认，最迟在第 5 帧（2.00 ms 前）",
    [DATA, "30 < . 301 ack 201 win 900", "32 > . 101:201(100) ack 301"]],
  ["fast retransmission: 2 copies of the acknowledgement in frame 2 asked for byte 1, and the receiver spoke last in frame 8 (1.00 ms before): sooner than a timer",
    "快速重传：第 2 帧的确认重复了 2 次，都在要第 1 字节；接收方最近一次是第 8 帧（1.00 ms 前），比重传定时器来得早",
    [DATA, MORE, `29 < ${DUP}`, `30 < ${DUP}`, `31 < ${DUP}`, "32 > . 101:201(100) ack 301"]],
  ["out of order: its bytes 101–200 come 5.00 ms after frame 5, which went up to 300; less than the handshake's round trip of 10.0 ms, too soon to have been sent again",
    "乱序：它的第 101–200 字节比第 5 帧（已到 300）晚 5.00 ms；不到握手时的往返时间 10.0 ms，来不及是重传",
    [DATA, "21 > . 301:401(100) ack 301", "26 > . 201:301(100) ack 301"]],
  ["lost segment: bytes 101–200 before it were not captured so far; frame 4 (1.00 ms before) went up to 100",
    "前面有缺失：在它之前的第 101–200 字节到目前为止没有捕获到；第 4 帧（1.00 ms 前）只到 100",
    [DATA, "21 > . 301:401(100) ack 301"]],
  ["acknowledgement of unseen bytes: bytes 1–100 cannot be found in the capture so far; frame 1 (20.0 ms before) went up to 0",
    "确认了没见过的数据：第 1–100 字节到目前为止没有捕获到；第 1 帧（20.0 ms 前）只到 0",
    ["20 < . 301 ack 201 win 900"]],
  ["duplicate acknowledgement: the 1st copy of the one in frame 2; the receiver still waits for byte 1",
    "重复确认：第 2 帧的确认第 1 次重复；接收方仍在等第 1 字节",
    [`20 < ${DUP}`, `21 < ${DUP}`]],
  ["window update: the acknowledgement of frame 2 again, but the window is now 3,600 bytes instead of 1,000",
    "窗口更新：确认与第 2 帧相同，但窗口从 1,000 变为 3,600 字节",
    [`20 < ${DUP}`]],
  ["window full: it ends with byte 100, the last of the 100 bytes from 1 on that frame 4 (1.00 ms before) allows; the sender has to wait for the receiver",
    "窗口已满：它以第 100 字节结尾，正是第 4 帧（1.00 ms 前）允许的最后一个字节：从 1 起共 100 字节；发送方必须等待接收方",
    ["20 < . 301 ack 101 win 25", "21 > . 101:201(100) ack 301"]],
  ["zero window probe: byte 101 alone, although frame 5 (278 ms before) said that the window is 0; the answer tells whether there is room",
    "零窗口探测：只发第 101 字节，尽管第 5 帧（278 ms 前）声明窗口为 0；从回答可知是否又有了空间",
    [DATA, "22 < . 301 ack 201 win 0", "300 > . 201:202(1) ack 301"]],
  ["keep-alive: no data, and the number 0, one before the end of frame 1 (9.00 s before); it only asks whether the other end still answers",
    "保活：不带数据，序号是 0，正好在第 1 帧（9.00 s 前）的结尾之前；只是询问对方是否还在",
    ["9000 > . 100 ack 301"]],
  ["active close: this side is the first to say that it has nothing more to send",
    "主动关闭：本端首先表示没有数据要发了",
    ["20 > F. 101 ack 301"]],
])("%s", (en, zh, lines) => {
  expect(said("en", ...lines)).toContain(en);
  expect(said("zh", ...lines)).toContain(zh);
});

test("answers to probes and keep-alives name what they answer", () => {
  const probe = [
    DATA,
    "22 < . 301 ack 201 win 0",
    "300 > . 201:202(1) ack 301",
    "301 < . 301 ack 201 win 0",
  ];
  expect(said("en", ...probe)).toEqual([
    "zero window: the sender of this can take no more for now; the other end has to wait until it opens the window",
    "answer to the zero window probe of frame 6 after 1.00 ms: still no room",
  ]);
  expect(said("en", `10 < ${DUP}`, "9000 > . 100 ack 301", `9001 < ${DUP}`)).toEqual([
    "answer to the keep-alive of frame 5 after 1.00 ms: this end is still there",
  ]);
});

test("numbers: what is acknowledged, what is on the way, how long the timer ran", () => {
  const lines = [DATA, MORE, "30 < . 301 ack 201 win 900", "300 > . 201:301(100) ack 301"];
  const numbers = reasonsOf([...HANDSHAKE, ...lines])
    .slice(3)
    .map((reasons) => reasons.filter((r) => r.kind === "number").map((r) => r.text.en));
  expect(numbers).toEqual([
    ["100 bytes in flight, 10 % of the window of 1,000"],
    ["200 bytes in flight, 20 % of the window of 1,000"],
    ["acknowledges frame 4 after 10.0 ms"],
    ["100 bytes in flight, 2 % of the window of 3,600"],
  ]);
});

test("positions without a base are the numbers on the wire", () => {
  const again = reasonsOf([...HANDSHAKE, DATA, "232 > . 101:201(100) ack 301"]).at(-1)![0]!;
  expect(again).toMatchObject({ name: "retransmission", kind: "verdict", frame: 4 });
  expect(again.text.en).toContain("its bytes 101–200 ");
});

test("a connection on ports of another starts with no memory of it", () => {
  const lines = [...HANDSHAKE, "5000 > S 9000 win 1000", "5001 < S. 300 ack 9001 win 70"];
  const [reused, answer] = reasonsOf(lines).slice(3);
  expect(reused![0]!.text.en).toMatch(/^reused ports: .* whose last segment was frame 3$/);
  expect(answer!.map(({ name }) => name)).toEqual(["acks_frame"]);
});

test("a clock that was set back is not told", () => {
  expect(said("en", DATA, "-500 > . 101:201(100) ack 301")).toEqual([
    "retransmission of frame 4: its bytes 1–100 were sent before and never acknowledged",
  ]);
});
