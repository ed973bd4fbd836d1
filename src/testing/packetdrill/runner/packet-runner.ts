/**
 * Packets of a script: those that it injects, and those that it expects.
 *
 * @module
 */
import { seqAdd } from "../../../wire/seqnum.ts";
import { Flag, type TcpRepr } from "../../../wire/tcp.ts";
import { printPacket } from "../language/print-packet.ts";
import type { IpSpec, PacketSpec, TcpSpec } from "../language/script.ts";
import type { CallRunner, ConnectionWatcher } from "./call-runner.ts";
import { ScriptFailure } from "./failure.ts";
import { differences, printShown, shownOf, type MatchOptions } from "./match.ts";
import { mergeSegments } from "./merge.ts";
import { Numbering } from "./numbering.ts";
import type { SentPacket, StackUnderTest } from "./stack-under-test.ts";
import { isOnTime, showSeconds, type Tolerance } from "./tolerance.ts";

/** How long a packet is waited for beyond its time, and one that may come at any time. */
const PATIENCE_NS = 2e9;
const LONG_PATIENCE_NS = 3600e9;
/** Peers' ports: one for each connection of a script. */
const FIRST_REMOTE_PORT = 40_001;
/** Port of every socket that a script binds, and of every peer that it connects to. */
const SCRIPT_PORT = 8080;
const DEFAULT_TTL = 64;
const ECN_BITS = { noecn: 0, ect1: 1, ect0: 2, ect01: 2, ce: 3 } as const;

interface PacketRunOptions {
  readonly tolerance: Tolerance;
  readonly match: MatchOptions;
  readonly oneSegmentUpTo: number;
}

/** When a packet may be sent. */
interface Window {
  readonly fromNs: number;
  readonly toNs: number;
}

/** Holds the connection under test and its numbers. */
export class PacketRunner implements ConnectionWatcher {
  readonly #stack: StackUnderTest;
  readonly #calls: CallRunner;
  readonly #options: PacketRunOptions;
  #numbering: Numbering | null = null;
  #remotePort = FIRST_REMOTE_PORT;
  #localPort = SCRIPT_PORT;
  /** Taken from the stack, but of the line after the one that took it. */
  #next: SentPacket | null = null;

  constructor(stack: StackUnderTest, calls: CallRunner, options: PacketRunOptions) {
    this.#stack = stack;
    this.#calls = calls;
    this.#options = options;
  }

  onSocket(): void {
    this.#numbering = null;
    this.#remotePort++;
  }

  onBound(handle: number): void {
    this.#localPort = this.#stack.localPort(handle) || SCRIPT_PORT;
  }

  /** Puts a packet on the wire at `nowNs`. */
  inject(packet: PacketSpec, nowNs: number): void {
    const numbering = (this.#numbering ??= new Numbering(this.#localPort, this.#remotePort));
    const { localPort, remotePort } = numbering;
    if (packet.kind === "icmp") {
      const { type, code, mtu } = packet;
      const seq = numbering.quoted(packet.quoted.seq);
      this.#stack.inject({ kind: "icmp", type, code, mtu, localPort, remotePort, seq }, nowNs);
    } else {
      numbering.onInject(packet);
      const segment = segmentOf(packet, numbering);
      const { tos, ttl } = ipFields(packet.ip);
      this.#stack.inject({ kind: "tcp", tos, ttl, segment }, nowNs);
    }
    this.#calls.advance(nowNs);
  }

  /** Waits for the packet; gives the time at which the event is done. */
  expect(expected: TcpSpec, window: Window, doneNs: number): number {
    const sent = this.#takeExpected(expected, window, doneNs);
    const numbering = this.#numberingOf(sent.segment, expected);
    const shown = shownOf(sent, expected, numbering);
    const wrong = differences(expected, shown, this.#options.match);
    if (wrong.length > 0)
      throw new ScriptFailure(
        printPacket(expected),
        `${printShown(shown, expected)} (${wrong.join(", ")})`,
      );
    const { fromNs, toNs } = window;
    if (!isOnTime(sent.atNs, fromNs, toNs, doneNs, this.#options.tolerance))
      throw new ScriptFailure(
        `${printPacket(expected)} at ${showWindow(window)}`,
        `it at ${showSeconds(sent.atNs)}`,
      );
    this.#keepTimestamp(expected, sent.segment, numbering);
    return Math.max(doneNs, sent.atNs);
  }

  /** The next packet, or as many as the length of the expected one takes. */
  #takeExpected(expected: TcpSpec, window: Window, doneNs: number): SentPacket {
    const limit = window.toNs === Infinity ? doneNs + LONG_PATIENCE_NS : window.toNs + PATIENCE_NS;
    const first = this.#take(limit);
    if (first === null)
      throw new ScriptFailure(`${printPacket(expected)} at ${showWindow(window)}`, "nothing");
    let merged = first;
    const partLen = first.segment.payload.length;
    if (partLen === 0 || expected.payloadLen <= this.#options.oneSegmentUpTo) return merged;
    while (merged.segment.payload.length < expected.payloadLen) {
      const next = this.#take(limit);
      if (next === null) return merged;
      const both = mergeSegments(merged, next, partLen);
      if (both === null || both.segment.payload.length > expected.payloadLen) {
        this.#next = next;
        return merged;
      }
      merged = both;
    }
    return merged;
  }

  /** The next packet of the connection under test up to `limitNs`, or `null`. */
  #take(limitNs: number): SentPacket | null {
    for (;;) {
      const sent = this.#next ?? this.#stack.takeSent();
      this.#next = null;
      if (sent !== null && this.#isUnderTest(sent.segment)) return sent;
      if (sent !== null) continue;
      const next = this.#stack.nextTimerNs();
      if (next > limitNs || next === Infinity) return null;
      this.#calls.advance(next);
    }
  }

  /** Packets of other connections are passed over; a SYN of ours begins one. */
  #isUnderTest({ flags, srcPort, dstPort }: TcpRepr): boolean {
    const n = this.#numbering;
    const isOpening = (flags & (Flag.SYN | Flag.ACK)) === Flag.SYN;
    return n === null || isOpening || (srcPort === n.localPort && dstPort === n.remotePort);
  }

  #numberingOf(sent: TcpRepr, expected: TcpSpec): Numbering {
    const n = this.#numbering;
    const isKnown = n !== null && n.localPort === sent.srcPort && n.remotePort === sent.dstPort;
    const numbering = isKnown ? n : new Numbering(sent.srcPort, sent.dstPort);
    this.#numbering = numbering;
    numbering.onSent(sent, expected);
    return numbering;
  }

  #keepTimestamp(expected: TcpSpec, sent: TcpRepr, numbering: Numbering): void {
    if (expected.options === "any") return;
    const shown = expected.options.find(({ kind }) => kind === "timestamps");
    const real = sent.options.find(({ kind }) => kind === "timestamps");
    if (shown?.kind === "timestamps" && real?.kind === "timestamps")
      numbering.onTimestamp(shown.value, real.value);
  }
}

function showWindow({ fromNs, toNs }: Window): string {
  if (toNs === Infinity) return "any time";
  return fromNs === toNs ? showSeconds(fromNs) : `${showSeconds(fromNs)}~${showSeconds(toNs)}`;
}

function ipFields(ip: IpSpec): { tos: number; ttl: number } {
  const tos = ip.tos ?? 0;
  return {
    tos: ip.ecn === null ? tos : (tos & ~3) | ECN_BITS[ip.ecn],
    ttl: ip.ttl ?? DEFAULT_TTL,
  };
}

function segmentOf(packet: TcpSpec, numbering: Numbering): TcpRepr {
  const { seq, ack, options } = numbering.inject(packet);
  const { bits, ae, ace } = packet.flags;
  const aceBits =
    ace === null ? 0 : ((ace & 2) === 0 ? 0 : Flag.CWR) | ((ace & 1) === 0 ? 0 : Flag.ECE);
  const hasAe = ace === null ? ae : (ace & 4) !== 0;
  return {
    srcPort: numbering.remotePort,
    dstPort: numbering.localPort,
    seq: seqAdd(seq, 0),
    ack: (bits & Flag.ACK) === 0 ? null : ack,
    flags: bits | aceBits,
    reserved: hasAe ? 1 : 0,
    window: packet.window ?? 0,
    checksum: 0,
    urgent: packet.urgent,
    options,
    payload: new Uint8Array(packet.payloadLen),
  };
}
