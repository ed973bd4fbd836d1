/**
 * Phrases that sentences of evidence share: bytes, times, frames.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { type SeqNum, seqAdd, seqDiff } from "../../wire/seqnum.ts";
import { Flag } from "../../wire/tcp.ts";
import { count, lapse } from "../words.ts";
import type { Case, Proof } from "./reason.ts";

/** The evidence of `kind`, a bit of `Verdict` or `Note`. */
export function proofOf({ v }: Case, kind: number): Proof {
  const i = 31 - Math.clz32(kind);
  const { frame, sinceNs, from, to } = v.evidence;
  return { frame: frame[i]!, since: lapse(sinceNs[i]!), from: from[i]!, to: to[i]! };
}

/** Position of a number of the segment's sender, as its line prints it. */
export function sent({ base }: Case, seq: SeqNum): number {
  return seqAdd(seq, -base.seq);
}

/** Position of a number of its receiver. */
export function received({ base }: Case, seq: SeqNum): number {
  return seqAdd(seq, -base.ack);
}

/** `bytes 1461–2920`, the last one included; positions are printed as in the line, without commas. */
export function bytesFrom(first: number, len: number): Text {
  if (len === 1) return text(`byte ${first}`, `第 ${first} 字节`);
  const last = seqAdd(first, len - 1);
  return text(`bytes ${first}–${last}`, `第 ${first}–${last} 字节`);
}

/** What takes numbers in the segment: `its bytes 1461–2920`, `its SYN`, `its FIN`. */
export function ownBytes(c: Case): Text {
  const { seq, payloadLen, tcpFlags } = c.s;
  if ((tcpFlags & Flag.SYN) !== 0) return text("its SYN", "它的 SYN 标志");
  if (payloadLen === 0) return text("its FIN", "它的 FIN 标志");
  const range = bytesFrom(sent(c, seq), payloadLen);
  return text(`its ${range.en}`, `它的${range.zh}`);
}

/** `are` or `is`, `were` or `was`: by what {@link ownBytes} says. */
export function ownVerb({ s }: Case, one: string, many: string): string {
  const isMany = (s.tcpFlags & Flag.SYN) === 0 && s.payloadLen > 1;
  return isMany ? many : one;
}

/** `212 ms before`, or just `before`; with its space in Chinese. */
export function before(since: string | null): Text {
  return since === null ? text("before", "先前") : text(`${since} before`, ` ${since} 前`);
}

/** ` (212 ms before)`; nothing when the clock was set back. */
export function beforeThat(since: string | null): Text {
  return since === null ? text("", "") : text(` (${since} before)`, `（${since} 前）`);
}

/** ` after 24 ms`; nothing when the clock was set back. */
export function after(since: string | null): Text {
  return since === null ? text("", "") : text(` after ${since}`, `${since} 后`);
}

/** `1 byte`, `2,920 bytes`. */
export function bytes(n: number): Text {
  return text(`${count(n)} ${n === 1 ? "byte" : "bytes"}`, `${count(n)} 字节`);
}

/** Numbers in `[from, to)`; 0 when it is no range. */
export function spanOf({ from, to }: Proof): number {
  return Math.max(0, seqDiff(to, from));
}
