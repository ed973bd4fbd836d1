/**
 * Sentences of what was sent again or overtaken.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { seqDiff } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { count, duration, lapse } from "../words.ts";
import { Verdict } from "../verdicts/verdict.ts";
import { ackedFrom } from "./last-words.ts";
import {
  before,
  beforeThat,
  bytesFrom,
  ownBytes,
  ownVerb,
  proofOf,
  sent,
  spanOf,
} from "./phrases.ts";
import type { Case } from "./reason.ts";

/** Duplicates that a fast retransmission needs (RFC 5681 §3.2, less the first acknowledgement). */
const DUPLICATES = 2;

/** Data, a SYN or a FIN that an earlier frame carried, as far as one is known. */
export function retransmission(c: Case): Text {
  const proof = proofOf(c, Verdict.RETRANSMISSION);
  const { frame, since } = proof;
  if (frame === 0) return withoutFirstCopy(c);
  const own = ownBytes(c);
  const when = before(since);
  const { payloadLen, tcpFlags } = c.s;
  const isSyn = (tcpFlags & Flag.SYN) !== 0;
  if ((isSyn && frame !== c.sender.syn) || (!isSyn && payloadLen === 0 && frame !== c.sender.fin)) {
    return withNumberOf(c, frame, when);
  }
  const shared = spanOf(proof);
  const isWhole = shared >= payloadLen || isSyn;
  if (isWhole) {
    return text(
      `retransmission of frame ${frame}: ${own.en} ${ownVerb(c, "was", "were")} sent ${when.en} and never acknowledged`,
      `重传第 ${frame} 帧：${own.zh}${when.zh}已经发过，一直没有得到确认`,
    );
  }
  const first = shared === 1 ? "first one was" : `first ${count(shared)} were`;
  return text(
    `retransmission: of ${own.en} the ${first} sent in frame ${frame}, ${when.en}, and never acknowledged`,
    `重传：${own.zh}中，前 ${count(shared)} 字节${when.zh}已在第 ${frame} 帧发过，一直没有得到确认`,
  );
}

/** A SYN or FIN at a number that something else had before. */
function withNumberOf(c: Case, frame: number, when: Text): Text {
  const own = ownBytes(c);
  const at = sent(c, c.s.seq);
  return text(
    `retransmission: ${own.en} has the number ${at}, which was sent ${when.en} in frame ${frame} and never acknowledged`,
    `重传：${own.zh}的序号是 ${at}，${when.zh.trimStart()}已在第 ${frame} 帧用过，一直没有得到确认`,
  );
}

/** The first byte is no longer, or never was, among those that wait for an acknowledgement. */
function withoutFirstCopy(c: Case): Text {
  const { seq, payloadLen } = c.s;
  const acked = ackedFrom(c.receiver, seq);
  const own = ownBytes(c);
  const { frame } = c.receiver;
  // Of nothing but a SYN or FIN; Wireshark calls only data spurious.
  if (acked > payloadLen) {
    return text(
      `retransmission: ${own.en} had been acknowledged already, by frame ${frame} at the latest`,
      `重传：${own.zh}早已得到确认，最迟在第 ${frame} 帧`,
    );
  }
  if (acked > 0) {
    const first = acked === 1 ? "first one" : `first ${count(acked)}`;
    return text(
      `retransmission: of ${own.en} the ${first} had been acknowledged already, by frame ${frame} at the latest`,
      `重传：${own.zh}中，前 ${count(acked)} 字节早已得到确认，最迟在第 ${frame} 帧`,
    );
  }
  return text(
    `retransmission: ${own.en} ${ownVerb(c, "comes", "come")} after later ones; a first copy was not captured, or is no longer kept`,
    `重传：${own.zh}排在先前已发的数据之前；第一份没有捕获到，或者不再保留`,
  );
}

/** The receiver had all of it. */
export function spuriousRetransmission(c: Case): Text {
  const { frame, since } = proofOf(c, Verdict.SPURIOUS_RETRANSMISSION);
  const own = ownBytes(c);
  const when = beforeThat(since);
  if ((c.receiver.flags & Flag.ACK) === 0) {
    return text(
      `spurious retransmission: ${own.en} ${ownVerb(c, "lies", "lie")} below the acknowledgement field of frame ${frame}${when.en}, although that has no ACK flag`,
      `虚假重传：${own.zh}小于第 ${frame} 帧${when.zh}的确认号字段，尽管那一帧没有 ACK 标志`,
    );
  }
  return text(
    `spurious retransmission: not needed, ${own.en} had been acknowledged already, by frame ${frame} at the latest${when.en}`,
    `虚假重传：没有必要，${own.zh}早已得到确认，最迟在第 ${frame} 帧${when.zh}`,
  );
}

/** Asked for by duplicate acknowledgements. */
export function fastRetransmission(c: Case): Text {
  const { frame, since } = proofOf(c, Verdict.FAST_RETRANSMISSION);
  const { copies, copied } = c.receiver;
  const at = numberOf(c);
  const when = beforeThat(since);
  if (copies < DUPLICATES) {
    // The count is muted: see the rule of ack_lost_segment.
    return text(
      `fast retransmission: frame ${frame}${when.en} waits for ${at.en}; copies of it are not counted here, because this side has acknowledged bytes that were not captured`,
      `快速重传：第 ${frame} 帧${when.zh}在等${at.zh}；这里没有统计重复确认的次数，因为本端确认过没有捕获到的数据`,
    );
  }
  return text(
    `fast retransmission: ${count(copies)} copies of the acknowledgement in frame ${copied} asked for ${at.en}, and the receiver spoke last in frame ${frame}${when.en}: sooner than a timer`,
    `快速重传：第 ${copied} 帧的确认重复了 ${count(copies)} 次，都在要${at.zh}；接收方最近一次是第 ${frame} 帧${when.zh}，比重传定时器来得早`,
  );
}

/** The first number of the segment, which belongs to a byte or to a FIN. */
function numberOf(c: Case): Text {
  const at = sent(c, c.s.seq);
  return c.s.payloadLen > 0 ? bytesFrom(at, 1) : text(`number ${at}`, `序号 ${at}`);
}

/** Behind another segment, and too soon to have been sent again. */
export function outOfOrder(c: Case): Text {
  const proof = proofOf(c, Verdict.OUT_OF_ORDER);
  const { frame, since } = proof;
  const own = ownBytes(c);
  const up = sent(c, proof.to - 1);
  const limit = limitOf(c);
  const late = since === null ? text("", "") : text(` ${since}`, ` ${since}`);
  return text(
    `out of order: ${own.en} ${ownVerb(c, "comes", "come")}${late.en} after frame ${frame}, which went up to ${up}; ${limit.en}, too soon to have been sent again`,
    `乱序：${own.zh}比第 ${frame} 帧（已到 ${up}）晚${late.zh}；${limit.zh}，来不及是重传`,
  );
}

/** Which of its limits the time is below: the round trip of the handshake, or 3 ms before that is known. */
function limitOf({ v }: Case): Text {
  const { initialRttNs, evidence } = v;
  const ns = evidence.sinceNs[31 - Math.clz32(Verdict.OUT_OF_ORDER)]!;
  if (initialRttNs < 0) {
    return text(
      "the clock was set back in the handshake, so that no time is too long",
      "握手期间时钟被拨回，所以没有时间上限",
    );
  }
  if (initialRttNs > ns) {
    const rtt = duration(initialRttNs);
    return text(`less than the handshake's round trip of ${rtt}`, `不到握手时的往返时间 ${rtt}`);
  }
  return text("less than 3 ms, no round trip being known", "不到 3 ms（往返时间未知）");
}

/** How long the oldest segment waited, where that is another one than the first copy. */
export function retransmissionTimeout(c: Case): Text | null {
  const { v } = c;
  const first = v.evidence.frame[31 - Math.clz32(Verdict.RETRANSMISSION)]!;
  if (v.rtoNs === 0 || v.rtoFrame === first) return null;
  const since = lapse(v.rtoNs);
  if (since === null) return null;
  const timer = text(
    `${since} on the retransmission timer, counted from frame ${v.rtoFrame}`,
    `重传定时器走了 ${since}，从第 ${v.rtoFrame} 帧算起`,
  );
  if (first === 0) return timer;
  return text(
    `${timer.en}, the oldest that was not acknowledged after it`,
    `${timer.zh}（其后没有得到确认的最早一帧）`,
  );
}

/** Something before it was not captured. */
export function lostSegment(c: Case): Text {
  const proof = proofOf(c, Verdict.LOST_SEGMENT);
  const missing = seqDiff(proof.to, proof.from);
  const range = bytesFrom(sent(c, proof.from), missing);
  const verb = missing === 1 ? "was" : "were";
  const when = beforeThat(proof.since);
  return text(
    `lost segment: ${range.en} before it ${verb} not captured so far; frame ${proof.frame}${when.en} went up to ${sent(c, proof.from - 1)}`,
    `前面有缺失：在它之前的${range.zh}到目前为止没有捕获到；第 ${proof.frame} 帧${when.zh}只到 ${sent(c, proof.from - 1)}`,
  );
}
