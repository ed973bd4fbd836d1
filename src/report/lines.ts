/**
 * One line a packet, as `tcpdump -n` prints it:
 *
 *     11:48:30.095221 IP 127.0.0.1.40000 > 127.0.0.1.8080: Flags [S], seq 123, win 65495, length 0
 *
 * TCP is decoded; other protocols are named, with their length. Sequence
 * numbers are relative as tcpdump makes them: a SYN prints its number as it
 * is, the segments after it count from it.
 *
 * @module
 */
import { EpbFlag, type PacketRecord } from "../pcap/sink.ts";
import type { SegmentRecord } from "../trace/segment.ts";
import { layersOf } from "../wire/layers.ts";
import { describePacket, describeSamples } from "../wire/packet-describe.ts";
import type { TcpBase } from "../wire/tcp-describe.ts";
import { LineBases } from "./line-bases.ts";
import { describeIpv4Header, describeIpv6Header } from "./lines-ip.ts";
import { describeLinkHeader } from "./lines-link.ts";
import { LineTime, type TimeStyle } from "./lines-time.ts";

/** How lines are printed. Everything left out is off. */
export interface LineOptions {
  /** `"clock"` when left out. */
  readonly time?: TimeStyle;
  /** Nanoseconds instead of microseconds. */
  readonly nano?: boolean;
  /** Sequence numbers as on the wire, `-S`. */
  readonly absolute?: boolean;
  /** The IP header, and whether checksums are right, `-v`. */
  readonly verbose?: boolean;
  /** Addresses and lengths alone, `-q`. */
  readonly quiet?: boolean;
  /** The link header, tcpdump's `-e`. */
  readonly link?: boolean;
}

/** Prints packets in their order; remembers where streams began. */
export class LinePrinter {
  readonly #options: LineOptions;
  readonly #time: LineTime;
  readonly #bases = new LineBases();
  #base: TcpBase | null = null;

  constructor(options: LineOptions = {}) {
    this.#options = options;
    this.#time = new LineTime(options.time ?? "clock", options.nano === true ? 9 : 6);
  }

  /** What the numbers of the last segment were counted from; `null`: they are as on the wire. */
  get base(): TcpBase | null {
    return this.#base;
  }

  /** A segment that is not printed, but counted from. */
  skip(s: SegmentRecord): void {
    this.#bases.of(s);
  }

  /** The line of a segment, without a newline. */
  segment(s: SegmentRecord): string {
    const { absolute, quiet, verbose } = this.#options;
    const { packet, path } = s;
    const base = absolute === true ? null : this.#bases.of(s);
    this.#base = base;
    const ipAt = verbose === true ? path.ipAt : null;
    const { view, at, capLen, origLen, linkType } = packet;
    const text = describePacket(view, at, capLen, origLen, linkType, { base, ipAt });
    if (quiet === true) return this.#line(packet, quietLine(text, s));
    return this.#line(packet, verbose === true ? truthfulChecksum(packet, text) : text);
  }

  /** The line of a packet without a segment. */
  other(packet: PacketRecord): string {
    const { view, at, capLen, origLen, linkType } = packet;
    const text = describePacket(view, at, capLen, origLen, linkType);
    return this.#line(packet, this.#options.quiet === true ? quietSflow(text) : text);
  }

  /**
   * A datagram of sFlow: its line, and below it, indented, the frames with TCP that it tells of. They are no
   * packets of the capture, which has one line each.
   */
  samples(packet: PacketRecord): string[] {
    const { view, at, capLen, origLen, linkType } = packet;
    const line = this.other(packet);
    if (this.#options.quiet === true) return [line];
    const told = describeSamples(view, at, capLen, origLen, linkType);
    // With -v the datagram itself has a line that is indented by 4.
    const indent = " ".repeat(this.#options.verbose === true ? 6 : 4);
    return [line, ...told.map((text) => indent + text)];
  }

  #line(packet: PacketRecord, text: string): string {
    const { verbose, link, quiet } = this.#options;
    const time = this.#time.next(packet.sec, packet.nsec);
    const withHeader = verbose === true ? withIpHeader(packet, text) : text;
    if (link !== true) return time + withHeader;
    const header = describeLinkHeader(packet, quiet === true);
    return time + (header === "" ? withHeader : header + withHeader.replace(/^IP6? /, ""));
  }
}

/** `IP 10.0.0.1.40000 > 10.0.0.2.80: tcp 5` of a whole line. */
function quietLine(text: string, { payloadLen }: SegmentRecord): string {
  const length = /, length (\d+)$/.exec(text)?.[1] ?? String(payloadLen);
  return text.replace(/: Flags \[.*$/, `: tcp ${length}`);
}

/** tcpdump's -q knows UDP, and nothing above it. */
function quietSflow(text: string): string {
  return text.replace(/: sFlowv5, .*, length /, ": UDP, length ");
}

/** A checksum that the sender's kernel left to the network card is not wrong. */
function truthfulChecksum({ flags }: PacketRecord, text: string): string {
  if ((flags & EpbFlag.CHECKSUM_NOT_READY) === 0) return text;
  return text.replace(
    / \(incorrect -> 0x[0-9a-f]+\)/,
    " (not filled in yet by the sender's kernel)",
  );
}

const IP_START = /^IP6? (?:truncated-ip6? - \d+ bytes missing! ?)?/;

/** Puts the IP header's fields behind `IP`. */
function withIpHeader({ view, at, capLen, origLen, linkType }: PacketRecord, text: string): string {
  const ip = layersOf(view, at, capLen, origLen, linkType).find(
    (layer) => layer.kind === "ip" || layer.kind === "ipv6",
  );
  if (ip === undefined || ip.why !== null) return text;
  return ip.kind === "ip"
    ? text.replace(IP_START, (start) => `${start}${describeIpv4Header(view, ip.at)}\n    `)
    : text.replace(IP_START, (start) => `${start}${describeIpv6Header(view, ip.at)} `);
}
