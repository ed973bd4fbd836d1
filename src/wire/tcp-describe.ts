/**
 * A segment in one line, as tcpdump 4.99 prints it behind the addresses:
 *
 *     Flags [P.], seq 1:65, ack 1, win 512, options [nop,nop,TS val 1 ecr 2], length 64
 *
 * Damage is printed as tcpdump prints it too: `[|tcp]` where the capture
 * ends, `[bad opt]` where an option's length cannot be, `[bad hdr length …]`.
 *
 * @module
 */
import { tcpChecksum, verifyTcpChecksum } from "./checksum.ts";
import { seqAdd } from "./seqnum.ts";
import {
  Flag,
  TCP_MIN_HEADER_LEN,
  tcpAck,
  tcpChecksumField,
  tcpFlags,
  tcpHeaderLen,
  tcpSeq,
  tcpUrgent,
  tcpWindow,
} from "./tcp.ts";
import { describeTcpOptions } from "./tcp-option-describe.ts";

/** What is subtracted to print relative numbers. */
export interface TcpBase {
  /** From SEG.SEQ: the sender's initial sequence number. */
  readonly seq: number;
  /** From SEG.ACK and from SACK blocks: the receiver's. */
  readonly ack: number;
}

/** How a segment is printed. */
export interface TcpDescribeOptions {
  /** Absolute numbers when left out, as with `-S`. */
  readonly base?: TcpBase | null;
  /** Offset of the IP header, to print the checksum too, as with `-v`. */
  readonly ipAt?: number | null;
}

/** Letters in tcpdump's order. */
const FLAG_LETTERS: readonly (readonly [number, string])[] = [
  [Flag.FIN, "F"],
  [Flag.SYN, "S"],
  [Flag.RST, "R"],
  [Flag.PSH, "P"],
  [Flag.ACK, "."],
  [Flag.URG, "U"],
  [Flag.ECE, "E"],
  [Flag.CWR, "W"],
];

/** `"S."` for SYN and ACK; `"none"` without any flag. */
export function tcpFlagLetters(flags: number): string {
  let letters = "";
  for (const [bit, letter] of FLAG_LETTERS) if ((flags & bit) !== 0) letters += letter;
  return letters === "" ? "none" : letters;
}

/**
 * The segment at `at`, captured up to `end`, with `tcpLen` bytes of header and
 * payload on the wire.
 */
export function describeTcp(
  v: DataView,
  at: number,
  end: number,
  tcpLen: number,
  options: TcpDescribeOptions = {},
): string {
  if (end - at <= 12) return " [|tcp]";
  const headerLen = tcpHeaderLen(v, at);
  if (headerLen < TCP_MIN_HEADER_LEN)
    return ` tcp ${tcpLen - headerLen} [bad hdr length ${headerLen} - too short, < 20]`;
  if (end - at < TCP_MIN_HEADER_LEN) return " [|tcp]";
  const flags = tcpFlags(v, at);
  const start = `Flags [${tcpFlagLetters(flags)}]`;
  if (headerLen > tcpLen) return `${start} [bad hdr length ${headerLen} - too long, > ${tcpLen}]`;

  const parts = [start];
  const sum = describeChecksum(v, at, end, tcpLen, options.ipAt ?? null);
  if (sum !== null) parts.push(sum);
  parts.push(...describeNumbers(v, at, tcpLen - headerLen, options.base ?? null));
  const length = `length ${tcpLen - headerLen}`;
  if (headerLen === TCP_MIN_HEADER_LEN) return [...parts, length].join(", ");
  const list = describeTcpOptions(
    v,
    at + TCP_MIN_HEADER_LEN,
    at + headerLen,
    Math.min(end, at + tcpLen),
    flags,
    options.base?.ack ?? 0,
  );
  parts.push(`options [${list.text}`);
  return list.whole ? `${parts.join(", ")}], ${length}` : parts.join(", ");
}

function describeNumbers(
  v: DataView,
  at: number,
  payloadLen: number,
  base: TcpBase | null,
): string[] {
  const flags = tcpFlags(v, at);
  const parts: string[] = [];
  if (payloadLen > 0 || (flags & (Flag.SYN | Flag.FIN | Flag.RST)) !== 0) {
    const seq = seqAdd(tcpSeq(v, at), -(base?.seq ?? 0));
    parts.push(payloadLen > 0 ? `seq ${seq}:${seqAdd(seq, payloadLen)}` : `seq ${seq}`);
  }
  if ((flags & Flag.ACK) !== 0) parts.push(`ack ${seqAdd(tcpAck(v, at), -(base?.ack ?? 0))}`);
  parts.push(`win ${tcpWindow(v, at)}`);
  if ((flags & Flag.URG) !== 0) parts.push(`urg ${tcpUrgent(v, at)}`);
  return parts;
}

function describeChecksum(
  v: DataView,
  at: number,
  end: number,
  tcpLen: number,
  ipAt: number | null,
): string | null {
  if (ipAt === null) return null;
  const verdict = verifyTcpChecksum(v, ipAt, at, tcpLen, end);
  if (verdict === "unverified") return null;
  const sum = `cksum ${hex4(tcpChecksumField(v, at))}`;
  if (verdict === "good") return `${sum} (correct)`;
  return `${sum} (incorrect -> ${hex4(tcpChecksum(v, ipAt, at, tcpLen))})`;
}

function hex4(n: number): string {
  return `0x${n.toString(16).padStart(4, "0")}`;
}
