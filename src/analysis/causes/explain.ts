/**
 * Causes in plain words, with their evidence.
 *
 * @module
 */
import { joinTexts, text, type Text } from "../../base/lang.ts";
import { Cause, CAUSES, Decision, isRetransmission, Proof } from "./cause.ts";
import type { SegmentCauses } from "./result.ts";

/** What is to be said of a segment: why it was sent again, what it proves; `null`: nothing. */
export function explainCauses(c: SegmentCauses): Text | null {
  const parts = [causeText(c), sentText(c), proofText(c), overtakenText(c)];
  const said = parts.filter((part) => part !== null);
  return said.length === 0 ? null : joinTexts(said);
}

/** `"212 ms"`, `"0.04 ms"`, `"1.20 s"`. */
function span(ns: number): string {
  const ms = ns / 1e6;
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms >= 10 ? ms.toFixed(0) : ms.toFixed(2)} ms`;
}

/** The acknowledgement that set it off. */
function trigger(c: SegmentCauses): Text {
  if (c.triggerFrame === 0) return text("", "");
  return text(
    ` (frame ${c.triggerFrame}, ${span(c.triggerNs)} before)`,
    `（第 ${c.triggerFrame} 帧，${span(c.triggerNs)} 之前）`,
  );
}

/** Why the segment was sent, when that is worth a word; `null`: it is not. */
export function causeText(c: SegmentCauses): Text | null {
  if (c.cause === Cause.NONE) return null;
  const found = (TIMERS[c.cause] ?? ANSWERS[c.cause] ?? OTHERS[c.cause])?.(c);
  return found ?? text(`${CAUSES[c.cause]!}.`, `${CAUSES[c.cause]!}。`);
}

type Say = (c: SegmentCauses) => Text;

/** "for the second time" of a timer. */
function attempt({ attempt: n }: SegmentCauses): Text {
  if (n <= 1) return text("", "");
  return text(
    `, for the ${n}. time, each wait twice as long as the one before`,
    `，这已是第 ${n} 次，每次等待的时间都加倍`,
  );
}

const timer =
  (en: string, zh: string): Say =>
  (c) => {
    const again = attempt(c);
    const waited = c.timerNs === 0 ? "" : span(c.timerNs);
    return text(
      `${en}${waited === "" ? "" : ` for ${waited}`}${again.en}.`,
      `${zh}${waited === "" ? "" : `，已等待 ${waited}`}${again.zh}。`,
    );
  };

const TIMERS: Readonly<Record<number, Say>> = {
  [Cause.RTO]: timer(
    "Sent again because the retransmission timer ran out: nothing new was acknowledged",
    "因重传定时器超时而重传：一直没有新的确认",
  ),
  [Cause.FIN_TIMER]: timer(
    "FIN sent again because the retransmission timer ran out: it was not acknowledged",
    "因重传定时器超时而重发 FIN：它一直没有得到确认",
  ),
  [Cause.SYN_TIMER]: timer("SYN sent again because it was not answered", "因没有应答而重发 SYN"),
  [Cause.SYN_ACK_TIMER]: timer(
    "SYN-ACK sent again because it was not answered",
    "因没有应答而重发 SYN-ACK",
  ),
  [Cause.TLP]: timer(
    "Sent again as a probe: the last bytes were not acknowledged, and their loss shows in no other way. Silent",
    "作为探测而重传：最后的数据一直没有确认，而末尾的丢失没有别的办法发现",
  ),
};

/** An answer to what the receiver said. */
const answer =
  (en: string, zh: string): Say =>
  (c) => {
    const by = trigger(c);
    return text(`${en}${by.en}.`, `${zh}${by.zh}。`);
  };

const ANSWERS: Readonly<Record<number, Say>> = {
  [Cause.RTO_RECOVERY]: answer(
    "Sent again because all that was outstanding when the timer ran out counts as lost; an acknowledgement made room for it",
    "定时器超时后，尚未确认的数据都视为丢失，因此重传；新的确认腾出了空间",
  ),
  [Cause.AFTER_SPURIOUS_RTO]: answer(
    "Sent again although the capture had already shown that the timer ran out too early",
    "尽管抓包已表明定时器超时过早，仍然重传",
  ),
  [Cause.FAST_DUP_ACK]: (c) => {
    const by = trigger(c);
    const times = c.dupAcks;
    return text(
      `Sent again at once, because the same acknowledgement came ${times} times over: later segments arrive, this one does not${by.en}.`,
      `立即重传，因为同一个确认重复了 ${times} 次：后面的报文段到了，这一个没到${by.zh}。`,
    );
  },
  [Cause.FAST_PARTIAL_ACK]: answer(
    "Sent again because an acknowledgement went only up to here: one more segment is missing",
    "因确认只到这里为止而重传：还缺一个报文段",
  ),
  [Cause.FAST_SACK]: (c) => {
    const by = trigger(c);
    return text(
      `Sent again at once, because the receiver reported ${c.sackedBytes} bytes behind it as received${by.en}.`,
      `立即重传，因为接收方报告已收到它后面的 ${c.sackedBytes} 字节${by.zh}。`,
    );
  },
  [Cause.RACK]: (c) => {
    const by = trigger(c);
    return text(
      `Sent again because something sent later had arrived, and the time allowed for overtaking was over${by.en}.`,
      `因更晚发送的数据已经到达、且允许乱序的时间已过而重传${by.zh}。`,
    );
  },
  [Cause.SYN_AGAIN]: answer(
    "SYN-ACK sent again because the SYN came again",
    "因再次收到 SYN 而重发 SYN-ACK",
  ),
  [Cause.F_RTO]: answer(
    "New data instead of the rest, to find out whether the timeout was needless",
    "不继续重传，而是发送新数据，以判断刚才的超时是否多余",
  ),
};

const plain =
  (en: string, zh: string): Say =>
  () =>
    text(en, zh);

const OTHERS: Readonly<Record<number, Say>> = {
  [Cause.UNKNOWN]: plain(
    "Sent again; nothing in this capture tells why.",
    "被重传，但抓包中看不出原因。",
  ),
  [Cause.KEEP_ALIVE]: plain(
    "Asks whether the other end is still there; no retransmission.",
    "询问对端是否还在，不是重传。",
  ),
  [Cause.WINDOW_PROBE]: plain(
    "Asks whether the closed window has opened; no retransmission.",
    "探测已关闭的窗口是否打开，不是重传。",
  ),
  [Cause.REORDERED]: (c) => {
    const why = DECIDED[c.decidedBy] ?? text("", "");
    return text(
      `Overtaken on its way, not sent again${why.en}.`,
      `在途中被后面的报文段超过，不是重传${why.zh}。`,
    );
  },
  [Cause.DUPLICATE]: plain(
    "The same packet again: the network or the capture doubled it; no retransmission.",
    "同一个分组出现了两次：由网络或抓包造成，不是重传。",
  ),
  [Cause.UNDECIDED]: plain(
    "Comes behind later bytes: overtaken or sent again, nothing tells which.",
    "比后面的数据来得晚：是乱序还是重传，无从判断。",
  ),
};

const DECIDED: Readonly<Record<number, Text>> = {
  [Decision.TIMESTAMPS]: text(
    ": its time stamp is older than that of the segment that came first",
    "：它的时间戳早于先到的报文段",
  ),
  [Decision.IP_ID]: text(
    ": its IP identification lies before that of the packet that came first",
    "：它的 IP 标识小于先到的分组",
  ),
  [Decision.DELAY]: text(
    ": it came sooner than the sender could have known of the hole",
    "：它来得太快，发送方还不可能知道有缺口",
  ),
};

function sentText(c: SegmentCauses): Text | null {
  if (!isRetransmission(c.cause) || c.sentFrame === 0) return null;
  return text(
    `Its bytes went last in frame ${c.sentFrame}, ${span(c.sentNs)} before.`,
    `这些字节上一次在第 ${c.sentFrame} 帧发送，${span(c.sentNs)} 之前。`,
  );
}

const PROVEN: Readonly<Record<number, Text>> = {
  [Proof.DSACK]: text(
    "the receiver reports its bytes as received twice",
    "接收方报告这些字节收到了两次",
  ),
  [Proof.TIMESTAMPS]: text(
    "the time stamp echoed here is older than it",
    "这里回显的时间戳比它更早",
  ),
  [Proof.TOO_SOON]: text(
    "this acknowledgement comes too soon to be an answer to it",
    "这个确认来得太快，不可能是对它的应答",
  ),
  [Proof.F_RTO]: text(
    "data that was sent only once, before the timeout, is acknowledged",
    "超时之前只发送过一次的数据得到了确认",
  ),
};

/** Which retransmission the segment proves to have been needless; `null`: none. */
export function proofText(c: SegmentCauses): Text | null {
  const why = PROVEN[c.spurious];
  if (why === undefined) return null;
  return text(
    `Shows that the retransmission in frame ${c.spuriousFrame} was needless: ${why.en}.`,
    `由此可知第 ${c.spuriousFrame} 帧的重传是多余的：${why.zh}。`,
  );
}

/** Which segment it shows to have been overtaken; `null`: none. */
export function overtakenText(c: SegmentCauses): Text | null {
  if (c.reorderedFrame === 0) return null;
  return text(
    `Shows that frame ${c.reorderedFrame} was overtaken by later ones, not lost: the hole closed although it was sent once.`,
    `由此可知第 ${c.reorderedFrame} 帧只是被后面的帧超过，并未丢失：它只发送了一次，缺口却补上了。`,
  );
}
