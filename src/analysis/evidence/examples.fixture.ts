/**
 * Conversations that end with a sentence, one at least for each verdict, note
 * and number. Tests run them, and `docs/verdicts.md` quotes them.
 *
 * @module
 */
import type { Reason } from "./reason.ts";

/** Lines of `packetOf`, numbers as on the wire, and what is said of the last one, counted from the SYNs. */
export interface Example {
  readonly name: Reason["name"];
  readonly lines: readonly string[];
  readonly en: string;
  readonly zh: string;
}

/** 10 ms from end to end; windows in units of 4 bytes; the first bytes are 101 and 301. */
export const HANDSHAKE: readonly string[] = [
  "0 > S 100 win 1000 mss 1000 wscale 2",
  "10 < S. 300 ack 101 win 1000 mss 1000 wscale 2",
  "10 > . 101 ack 301 win 1000",
];

const DATA = "20 > . 101:201(100) ack 301 win 1000";
const MORE = "21 > . 201:301(100) ack 301 win 1000";
const DUP = ". 301 ack 101 win 900";

/** Without a handshake in front: with one of its own. */
const FAST_OPEN = "0 > S 100:105(5) win 1000 tfo 0123456789abcdef";

// oxfmt-ignore
const AFTER_HANDSHAKE: readonly Example[] = [
  {
    name: "retransmission", lines: [DATA, "232 > . 101:201(100) ack 301"],
    en: "retransmission of frame 4: its bytes 1–100 were sent 212 ms before and never acknowledged",
    zh: "重传第 4 帧：它的第 1–100 字节 212 ms 前已经发过，一直没有得到确认",
  },
  {
    name: "retransmission", lines: [DATA, MORE, "232 > . 101:301(200) ack 301"],
    en: "retransmission: of its bytes 1–200 the first 100 were sent in frame 4, 212 ms before, and never acknowledged",
    zh: "重传：它的第 1–200 字节中，前 100 字节 212 ms 前已在第 4 帧发过，一直没有得到确认",
  },
  {
    name: "retransmission", lines: [DATA, MORE, "30 < . 301 ack 201 win 900", "232 > . 151:251(100) ack 301"],
    en: "retransmission: of its bytes 51–150 the first 50 had been acknowledged already, by frame 6 at the latest",
    zh: "重传：它的第 51–150 字节中，前 50 字节早已得到确认，最迟在第 6 帧",
  },
  {
    name: "retransmission", lines: [DATA, "21 > . 301:401(100) ack 301", "232 > . 201:301(100) ack 301"],
    en: "retransmission: its bytes 101–200 come after later ones; a first copy was not captured, or is no longer kept",
    zh: "重传：它的第 101–200 字节排在先前已发的数据之前；第一份没有捕获到，或者不再保留",
  },
  {
    name: "retransmission", lines: ["20 > F. 101 ack 301", "21 > F. 101 ack 301"],
    en: "retransmission of frame 4: its FIN was sent 1.00 ms before and never acknowledged",
    zh: "重传第 4 帧：它的 FIN 标志 1.00 ms 前已经发过，一直没有得到确认",
  },
  {
    name: "retransmission", lines: ["20 > F. 101 ack 301", "30 < . 301 ack 102 win 900", "40 > F. 101 ack 301"],
    en: "retransmission: its FIN had been acknowledged already, by frame 5 at the latest",
    zh: "重传：它的 FIN 标志早已得到确认，最迟在第 5 帧",
  },
  {
    name: "retransmission", lines: [DATA, "30 > F. 150 ack 301"],
    en: "retransmission: its FIN has the number 50, which was sent 10.0 ms before in frame 4 and never acknowledged",
    zh: "重传：它的 FIN 标志的序号是 50，10.0 ms 前已在第 4 帧用过，一直没有得到确认",
  },
  {
    name: "spurious_retransmission", lines: [DATA, "30 < . 301 ack 201 win 900", "32 > . 101:201(100) ack 301"],
    en: "spurious retransmission: not needed, its bytes 1–100 had been acknowledged already, by frame 5 at the latest (2.00 ms before)",
    zh: "虚假重传：没有必要，它的第 1–100 字节早已得到确认，最迟在第 5 帧（2.00 ms 前）",
  },
  {
    name: "spurious_retransmission",
    lines: [DATA, "30 < R 301 ack 201", "32 > . 101:201(100) ack 301"],
    en: "spurious retransmission: its bytes 1–100 lie below the acknowledgement field of frame 5 (2.00 ms before), although that has no ACK flag",
    zh: "虚假重传：它的第 1–100 字节小于第 5 帧（2.00 ms 前）的确认号字段，尽管那一帧没有 ACK 标志",
  },
  {
    name: "fast_retransmission",
    lines: [DATA, MORE, `29 < ${DUP}`, `30 < ${DUP}`, `31 < ${DUP}`, "32 > . 101:201(100) ack 301"],
    en: "fast retransmission: 2 copies of the acknowledgement in frame 2 asked for byte 1, and the receiver spoke last in frame 8 (1.00 ms before): sooner than a timer",
    zh: "快速重传：第 2 帧的确认重复了 2 次，都在要第 1 字节；接收方最近一次是第 8 帧（1.00 ms 前），比重传定时器来得早",
  },
  {
    name: "fast_retransmission", lines: [DATA, "21 < . 301 ack 101 win 900", "22 > . 101:201(100) ack 999"],
    en: "fast retransmission: frame 5 (1.00 ms before) waits for byte 1; copies of it are not counted here, because this side has acknowledged bytes that were not captured",
    zh: "快速重传：第 5 帧（1.00 ms 前）在等第 1 字节；这里没有统计重复确认的次数，因为本端确认过没有捕获到的数据",
  },
  {
    name: "out_of_order", lines: [DATA, "21 > . 301:401(100) ack 301", "26 > . 201:301(100) ack 301"],
    en: "out of order: its bytes 101–200 come 5.00 ms after frame 5, which went up to 300; less than the handshake's round trip of 10.0 ms, too soon to have been sent again",
    zh: "乱序：它的第 101–200 字节比第 5 帧（已到 300）晚 5.00 ms；不到握手时的往返时间 10.0 ms，来不及是重传",
  },
  {
    name: "lost_segment", lines: [DATA, "21 > . 301:401(100) ack 301"],
    en: "lost segment: bytes 101–200 before it were not captured so far; frame 4 (1.00 ms before) went up to 100",
    zh: "前面有缺失：在它之前的第 101–200 字节到目前为止没有捕获到；第 4 帧（1.00 ms 前）只到 100",
  },
  {
    name: "ack_lost_segment", lines: ["20 < . 301 ack 201 win 900"],
    en: "acknowledgement of unseen bytes: bytes 1–100 cannot be found in the capture so far; frame 1 (20.0 ms before) went up to 0",
    zh: "确认了没见过的数据：第 1–100 字节到目前为止没有捕获到；第 1 帧（20.0 ms 前）只到 0",
  },
  {
    name: "ack_lost_segment", lines: [DATA, "21 > . 301:401(100) ack 301", "30 < . 301 ack 401 win 900"],
    en: "acknowledgement of unseen bytes: it goes up to 300, but from 101 on the capture has a gap or another order",
    zh: "确认了没见过的数据：它确认到 300，但从 101 起，抓包中有空缺或次序不同",
  },
  {
    name: "duplicate_ack", lines: [`20 < ${DUP}`, `21 < ${DUP}`],
    en: "duplicate acknowledgement: the 1st copy of the one in frame 2; the receiver still waits for byte 1",
    zh: "重复确认：第 2 帧的确认第 1 次重复；接收方仍在等第 1 字节",
  },
  {
    name: "window_update", lines: [`20 < ${DUP}`],
    en: "window update: the acknowledgement of frame 2 again, but the window is now 3,600 bytes instead of 1,000",
    zh: "窗口更新：确认与第 2 帧相同，但窗口从 1,000 变为 3,600 字节",
  },
  {
    name: "window_full", lines: ["20 < . 301 ack 101 win 25", "21 > . 101:201(100) ack 301"],
    en: "window full: it ends with byte 100, the last of the 100 bytes from 1 on that frame 4 (1.00 ms before) allows; the sender has to wait for the receiver",
    zh: "窗口已满：它以第 100 字节结尾，正是第 4 帧（1.00 ms 前）允许的最后一个字节：从 1 起共 100 字节；发送方必须等待接收方",
  },
  {
    name: "zero_window", lines: [DATA, "22 < . 301 ack 201 win 0"],
    en: "zero window: the sender of this can take no more for now; the other end has to wait until it opens the window",
    zh: "零窗口：本端暂时不能再接收；对方要等它重新打开窗口才能继续发送",
  },
  {
    name: "zero_window_probe", lines: [DATA, "22 < . 301 ack 201 win 0", "300 > . 201:202(1) ack 301"],
    en: "zero window probe: byte 101 alone, although frame 5 (278 ms before) said that the window is 0; the answer tells whether there is room",
    zh: "零窗口探测：只发第 101 字节，尽管第 5 帧（278 ms 前）声明窗口为 0；从回答可知是否又有了空间",
  },
  {
    name: "zero_window_probe_ack",
    lines: [DATA, "22 < . 301 ack 201 win 0", "300 > . 201:202(1) ack 301", "301 < . 301 ack 201 win 0"],
    en: "answer to the zero window probe of frame 6 after 1.00 ms: still no room",
    zh: "对第 6 帧零窗口探测的回答，1.00 ms 后：仍然没有空间",
  },
  {
    name: "keep_alive", lines: ["9000 > . 100 ack 301"],
    en: "keep-alive: no data, and the number 0, one before the end of frame 1 (9.00 s before); it only asks whether the other end still answers",
    zh: "保活：不带数据，序号是 0，正好在第 1 帧（9.00 s 前）的结尾之前；只是询问对方是否还在",
  },
  {
    name: "keep_alive",
    lines: [DATA, "30 < . 301 ack 201 win 0", "240 > . 200 ack 301"],
    en: "keep-alive: no data, and the number 100, one before the end of frame 4 (220 ms before); the other end's window is 0, and it asks for room",
    zh: "保活：不带数据，序号是 100，正好在第 4 帧（220 ms 前）的结尾之前；对方的窗口为 0，这是在问有没有空间",
  },
  {
    name: "keep_alive_ack", lines: [`10 < ${DUP}`, "9000 > . 100:101(1) ack 301", `9001 < ${DUP}`],
    en: "answer to the keep-alive of frame 5 after 1.00 ms: this end is still there",
    zh: "对第 5 帧保活的回答，1.00 ms 后：本端还在",
  },
  {
    name: "reused_ports", lines: ["5000 > S 9000 win 1000"],
    en: "reused ports: a new connection between the same addresses and ports as one before, whose last segment was frame 3",
    zh: "端口重用：一条新连接，地址和端口与之前的一条相同，那一条的最后一个报文段是第 3 帧",
  },
  {
    name: "reused_ports", lines: ["5000 < S. 9000 ack 101 win 1000"],
    en: "reused ports: this SYN-ACK begins at another number than its side did before (the last segment was frame 3), as a new connection does",
    zh: "端口重用：这个 SYN-ACK 的起始序号与本端之前的不同（上一个报文段是第 3 帧），像是一条新连接",
  },
  {
    name: "dsack", lines: [DATA, "30 < . 301 ack 201 win 1000", "31 > . 101:201(100) ack 301", "40 < . 301 ack 201 win 1000 sack 101 201"],
    en: "D-SACK: the receiver reports that it got bytes 1–100 a second time",
    zh: "D-SACK：接收方报告再次收到了第 1–100 字节",
  },
  {
    name: "fin_active", lines: ["20 > F. 101 ack 301"],
    en: "active close: this side is the first to say that it has nothing more to send",
    zh: "主动关闭：本端首先表示没有数据要发了",
  },
  {
    name: "fin_passive", lines: ["20 > F. 101 ack 301", "30 < F. 301 ack 102"],
    en: "passive close: the other side had closed first; now this one has nothing more to send either",
    zh: "被动关闭：对方先关闭；现在本端也没有数据要发了",
  },
  {
    name: "fin_passive", lines: ["20 > F. 101 ack 301", "21 < F. 301 ack 101"],
    en: "passive close: the FIN of the other side (frame 4) was captured first, but this one does not acknowledge it: each side closes by itself",
    zh: "被动关闭：先抓到的是对方的 FIN（第 4 帧），但这个 FIN 没有确认它：双方各自关闭",
  },
  {
    name: "acks_frame", lines: [DATA, "44 < . 301 ack 201 win 900"],
    en: "acknowledges frame 4 after 24.0 ms",
    zh: "24.0 ms 后确认第 4 帧",
  },
  {
    name: "bytes_in_flight", lines: [DATA, MORE],
    en: "200 bytes in flight, 20 % of the window of 1,000",
    zh: "在途 200 字节，占窗口 1,000 的 20 %",
  },
  {
    name: "rto", lines: [DATA, MORE, "232 > . 201:301(100) ack 301"],
    en: "212 ms on the retransmission timer, counted from frame 4, the oldest that was not acknowledged after it",
    zh: "重传定时器走了 212 ms，从第 4 帧算起（其后没有得到确认的最早一帧）",
  },
];

// oxfmt-ignore
const FROM_THE_SYN: readonly Example[] = [
  {
    name: "tfo_syn", lines: [FAST_OPEN],
    en: "fast open: the SYN brings a cookie and the first 5 bytes, so that the server can answer at once",
    zh: "快速打开：SYN 带着 cookie 和最初的 5 字节，服务端可以立即回答",
  },
  {
    name: "tfo_syn", lines: ["0 > S 100 win 1000 tfo 0123456789abcdef"],
    en: "fast open: the SYN shows the server a cookie from an earlier connection",
    zh: "快速打开：SYN 向服务端出示以前连接得到的 cookie",
  },
  {
    name: "tfo_ack", lines: [FAST_OPEN, "10 < S. 300 ack 106 win 1000"],
    en: "fast open accepted: the SYN-ACK acknowledges 5 bytes that came with the SYN",
    zh: "快速打开被接受：SYN-ACK 确认了随 SYN 到达的 5 字节",
  },
  {
    name: "tfo_ignored", lines: [FAST_OPEN, "10 < S. 300 ack 101 win 1000"],
    en: "fast open not accepted: the SYN-ACK acknowledges the SYN but not its data, which must be sent again",
    zh: "快速打开未被接受：SYN-ACK 只确认了 SYN，没有确认它携带的数据，数据需要重发",
  },
];

/** All of them, whole. */
export const EXAMPLES: readonly Example[] = [
  ...AFTER_HANDSHAKE.map(({ name, lines, en, zh }) => ({
    name,
    lines: HANDSHAKE.concat(lines),
    en,
    zh,
  })),
  ...FROM_THE_SYN,
];
