/**
 * What a script is run against: packets in, packets out, system calls, a clock that stands still
 * until it is moved.
 *
 * @module
 */
import type { TcpRepr } from "../../../wire/tcp.ts";
import type { PyValue } from "../python/evaluate.ts";
import type { SystemCall } from "./system-call.ts";

/** A TCP segment with what matters of its IP header. */
export interface TcpPacket {
  readonly kind: "tcp";
  /** The traffic-class byte, ECN in its two low bits. */
  readonly tos: number;
  readonly ttl: number;
  readonly segment: TcpRepr;
}

/** An ICMP message about a segment that the stack sent; words as in the script. */
export interface IcmpPacket {
  readonly kind: "icmp";
  readonly type: string;
  readonly code: string | null;
  readonly mtu: number | null;
  /** Of the segment quoted. */
  readonly localPort: number;
  readonly remotePort: number;
  readonly seq: number;
}

/** A packet that the stack let out. */
export interface SentPacket extends TcpPacket {
  readonly atNs: number;
}

/** How a system call ended. */
export interface CallResult {
  /** -1 with an {@link errno}. */
  readonly value: number;
  /** `EAGAIN` …; `null` without error. */
  readonly errno: string | null;
  /** What the call gave through its arguments: an option's value, a count of bytes, events. */
  readonly out?: number | string | readonly string[] | ReadonlyMap<string, number>;
}

/** A stack with sockets; all times are nanoseconds since the script began. */
export interface StackUnderTest {
  /** Lets time pass, with every timer that is due up to `toNs`. */
  advance(toNs: number): void;
  /** When the next timer is due; `Infinity`: none is set. */
  nextTimerNs(): number;
  inject(packet: TcpPacket | IcmpPacket, nowNs: number): void;
  /** The oldest packet that was sent and not taken, or `null`. */
  takeSent(): SentPacket | null;
  /** Begins a call: its result, or `null` while it blocks. One call may block at a time. */
  call(call: SystemCall, nowNs: number): CallResult | null;
  /** The result of the call that blocked, and when it came; `null` while it blocks. */
  finished(): { readonly result: CallResult; readonly atNs: number } | null;
  /** Variables of a socket as TCP_INFO names them. */
  info(handle: number): ReadonlyMap<string, PyValue>;
  /** A command of the shell: `null` when it was done, or why it failed. */
  command(text: string, nowNs: number): string | null;
  /** Port of a socket, 0 when it has none. */
  localPort(handle: number): number;
}
