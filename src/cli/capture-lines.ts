/**
 * Packets as they come, a line each, as tcpdump prints them.
 *
 * @module
 */
import { visible } from "../base/visible.ts";
import {
  type CaptureInterface,
  type CaptureSink,
  EpbFlag,
  type PacketRecord,
} from "../pcap/sink.ts";
import type { SegmentRecord } from "../trace/segment.ts";
import { SegmentTracker } from "../trace/tracker.ts";
import { describePacket } from "../wire/packet-describe.ts";
import { Flag } from "../wire/tcp.ts";

const SECONDS_PER_DAY = 86_400;

/** How lines are printed. */
export interface CaptureLinesOptions {
  /** Absolute sequence numbers, as `-S`. */
  readonly absolute: boolean;
  /** Which interface and direction, as `-i any` prints them. */
  readonly namesInterface: boolean;
}

/** Gathers lines until they are taken. */
export class CaptureLines {
  /** Give it to the capture. */
  readonly sink: CaptureSink;
  readonly #options: CaptureLinesOptions;
  readonly #interfaces: CaptureInterface[] = [];
  #lines = "";

  constructor(options: CaptureLinesOptions) {
    this.#options = options;
    const tracker = new SegmentTracker({
      onSegment: (segment) => this.#segment(segment),
      onOther: (packet) => this.#add(packet, null),
    });
    this.sink = {
      onInterface: (iface, index) => {
        this.#interfaces.push(iface);
        tracker.onInterface(iface, index);
      },
      onPacket: (packet) => tracker.onPacket(packet),
    };
  }

  /** The lines since the last call. */
  take(): string {
    const lines = this.#lines;
    this.#lines = "";
    return lines;
  }

  /** A SYN prints its number as it is; everything else counts from it. */
  #segment({ packet, seq, ack, relSeq, relAck, tcpFlags }: SegmentRecord): void {
    const counted = !this.#options.absolute && (tcpFlags & Flag.SYN) === 0;
    this.#add(packet, counted ? { seq: seq - relSeq, ack: ack - relAck } : null);
  }

  #add(packet: PacketRecord, base: { seq: number; ack: number } | null): void {
    const { view, at, capLen, origLen, linkType } = packet;
    const text = describePacket(view, at, capLen, origLen, linkType, { base });
    this.#lines += `${timeOfDay(packet)} ${this.#where(packet)}${visible(text)}\n`;
  }

  #where({ iface, flags }: PacketRecord): string {
    if (!this.#options.namesInterface) return "";
    const name = visible(this.#interfaces[iface]?.name ?? "");
    return `${name.padEnd(6)}${DIRECTIONS[flags & EpbFlag.DIRECTION]!} `;
  }
}

/** By the direction bits of `epb_flags`; a loopback packet goes both ways at once. */
const DIRECTIONS = ["   ", "In ", "Out", "   "];

/** UTC, in microseconds as tcpdump. */
function timeOfDay({ sec, nsec }: PacketRecord): string {
  const second = ((sec % SECONDS_PER_DAY) + SECONDS_PER_DAY) % SECONDS_PER_DAY;
  const clock = `${two(second / 3600)}:${two((second / 60) % 60)}:${two(second % 60)}`;
  return `${clock}.${String(Math.floor(nsec / 1000)).padStart(6, "0")}`;
}

function two(n: number): string {
  return String(Math.floor(n)).padStart(2, "0");
}
