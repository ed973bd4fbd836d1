/**
 * Between the numbers of a script and those on the wire: sequence numbers count from the initial
 * ones, timestamps from the first that the stack sent.
 *
 * @module
 */
import { seqAdd, type SeqNum } from "../../../wire/seqnum.ts";
import { Flag, type TcpRepr } from "../../../wire/tcp.ts";
import type { TcpOption } from "../../../wire/tcp-option.ts";
import type { TcpSpec } from "../language/script.ts";

const has = (flags: number, bit: number): boolean => (flags & bit) !== 0;

/** Of one connection under test. */
export class Numbering {
  readonly localPort: number;
  readonly remotePort: number;
  /** The stack's initial sequence number and the one that the script writes for it. */
  #local: { readonly iss: SeqNum; readonly shown: SeqNum } | null = null;
  #remoteIss: SeqNum | null = null;
  /** The stack has sent more than a SYN: the peer's number stays what it is. */
  #isSettled = false;
  readonly #realOfShown = new Map<number, number>();
  #base: { readonly shown: number; readonly real: number } | null = null;

  constructor(localPort: number, remotePort: number) {
    this.localPort = localPort;
    this.remotePort = remotePort;
  }

  /** Learns from a segment that the stack sent, before it is shown. */
  onSent(sent: TcpRepr, expected: TcpSpec): void {
    const isSyn = has(sent.flags, Flag.SYN);
    if (isSyn && this.#local === null) this.#local = { iss: sent.seq, shown: expected.seq };
    const isOpening = (sent.flags & (Flag.SYN | Flag.ACK)) === Flag.SYN;
    if (!isOpening && !has(sent.flags, Flag.RST)) this.#isSettled = true;
    if (this.#base !== null || expected.options === "any") return;
    const shown = expected.options.find(({ kind }) => kind === "timestamps");
    const real = sent.options.find(({ kind }) => kind === "timestamps");
    if (shown?.kind === "timestamps" && real?.kind === "timestamps")
      this.#base = { shown: shown.value, real: real.value };
  }

  /** Learns from a segment before it is injected. */
  onInject(packet: TcpSpec): void {
    const { bits } = packet.flags;
    if (!has(bits, Flag.SYN) || has(bits, Flag.RST)) return;
    if (this.#remoteIss === null || !this.#isSettled) this.#remoteIss = packet.seq;
  }

  /** SEQ and ACK on the wire of a segment to inject. */
  inject(packet: TcpSpec): { seq: SeqNum; ack: SeqNum; options: TcpOption[] } {
    const isSyn = has(packet.flags.bits, Flag.SYN);
    const isAck = has(packet.flags.bits, Flag.ACK);
    const options = packet.options === "any" ? [] : packet.options;
    return {
      seq: packet.isAbsolute ? packet.seq : seqAdd(packet.seq, isSyn ? 0 : this.#remote),
      ack: packet.isAbsolute ? packet.ack : this.#localReal(packet.ack, isSyn),
      options: options.map((option) => this.#injectOption(option, isSyn, isAck)),
    };
  }

  /** Number on the wire of an ICMP quote; 0 is the initial sequence number. */
  quoted(seq: SeqNum): SeqNum {
    return this.#localReal(seq, false);
  }

  /** A segment that was sent, in the numbers of the script; `expected` says in which way. */
  show(sent: TcpRepr, expected: TcpSpec): { seq: SeqNum; ack: SeqNum; options: TcpOption[] } {
    const isSyn = has(sent.flags, Flag.SYN);
    const ack = sent.ack ?? 0;
    if (expected.isAbsolute) return { seq: sent.seq, ack, options: [...sent.options] };
    // Without a SYN of ours there is no connection: a RST has the wire's own numbers.
    const isRaw = sent.ack === null || isSyn || this.#local === null;
    return {
      seq: this.#localShown(sent.seq, isSyn),
      ack: isRaw ? ack : seqAdd(ack, -this.#remote),
      options: sent.options.map((option) => this.#showOption(option, isSyn)),
    };
  }

  /** Keeps what the script calls a timestamp that the stack sent. */
  onTimestamp(shown: number, real: number): void {
    this.#realOfShown.set(shown, real);
  }

  get #remote(): SeqNum {
    return this.#remoteIss ?? 0;
  }

  #localReal(shown: SeqNum, isSyn: boolean): SeqNum {
    if (this.#local === null) return shown;
    return seqAdd(shown, this.#local.iss - (isSyn ? this.#local.shown : 0));
  }

  #localShown(real: SeqNum, isSyn: boolean): SeqNum {
    if (this.#local === null) return real;
    return seqAdd(real, (isSyn ? this.#local.shown : 0) - this.#local.iss);
  }

  #injectOption(option: TcpOption, isSyn: boolean, isAck: boolean): TcpOption {
    if (option.kind === "sack") {
      const real = (edge: SeqNum): SeqNum => this.#localReal(edge, isSyn);
      const blocks = option.blocks.map((b) => ({ left: real(b.left), right: real(b.right) }));
      return { kind: "sack", blocks };
    }
    if (option.kind !== "timestamps" || !isAck) return option;
    return { ...option, echo: this.#realTimestamp(option.echo) };
  }

  /** One that no line has named counts on from the first. */
  #realTimestamp(shown: number): number {
    const known = this.#realOfShown.get(shown);
    if (known !== undefined || this.#base === null) return known ?? shown;
    return seqAdd(this.#base.real, shown - this.#base.shown);
  }

  #showOption(option: TcpOption, isSyn: boolean): TcpOption {
    if (option.kind === "sack") {
      const shown = (edge: SeqNum): SeqNum => (isSyn ? edge : seqAdd(edge, -this.#remote));
      const blocks = option.blocks.map((b) => ({ left: shown(b.left), right: shown(b.right) }));
      return { kind: "sack", blocks };
    }
    if (option.kind !== "timestamps" || this.#base === null) return option;
    return { ...option, value: seqAdd(this.#base.shown, option.value - this.#base.real) };
  }
}
