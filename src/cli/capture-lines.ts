/**
 * Packets as they come, a line each: the lines that `seqack read` prints, with
 * the interface behind the time when there are several.
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
import { LinePrinter } from "../report/lines.ts";
import { SegmentTracker } from "../trace/tracker.ts";

/** By the direction bits of `epb_flags`, as `tcpdump -i any` has them; a loopback packet goes both ways at once. */
const DIRECTIONS = ["   ", "In ", "Out", "   "];

/** Columns for the interface's name: most fit. */
const NAME_WIDTH = 6;

/** How lines are printed. */
export interface CaptureLinesOptions {
  /** Absolute sequence numbers, as `-S`. */
  readonly absolute: boolean;
  /** Interface and direction behind the time, as `tcpdump -i any`. */
  readonly namesInterface: boolean;
}

/** Gathers lines until they are taken. */
export class CaptureLines {
  /** Give it to the capture. */
  readonly sink: CaptureSink;
  readonly #namesInterface: boolean;
  readonly #interfaces: CaptureInterface[] = [];
  #lines = "";

  constructor({ absolute, namesInterface }: CaptureLinesOptions) {
    this.#namesInterface = namesInterface;
    const printer = new LinePrinter({ absolute });
    const tracker = new SegmentTracker({
      onSegment: (segment) => this.#add(segment.packet, printer.segment(segment)),
      onOther: (packet) => this.#add(packet, printer.other(packet)),
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

  #add(packet: PacketRecord, line: string): void {
    const text = visible(line);
    this.#lines += `${this.#namesInterface ? this.#withInterface(packet, text) : text}\n`;
  }

  #withInterface({ iface, flags }: PacketRecord, line: string): string {
    const name = visible(this.#interfaces[iface]?.name ?? "").padEnd(NAME_WIDTH);
    const afterTime = line.indexOf(" ") + 1;
    const direction = DIRECTIONS[flags & EpbFlag.DIRECTION]!;
    return `${line.slice(0, afterTime)}${name}${direction} ${line.slice(afterTime)}`;
  }
}
