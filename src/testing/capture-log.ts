/**
 * A sink that writes down what it gets, as values that tests compare.
 *
 * @module
 */
import { formatHex } from "../base/bytes.ts";
import type { RecordedEvent } from "../pcap/event.ts";
import { CaptureReader, type CaptureReaderOptions } from "../pcap/reader.ts";
import type {
  CaptureInterface,
  CaptureSection,
  CaptureSink,
  CaptureStats,
  CaptureWarning,
  PacketRecord,
} from "../pcap/sink.ts";

/** A packet that outlives its call, its bytes as hexadecimal. */
export interface LoggedPacket extends Omit<PacketRecord, "view" | "at"> {
  readonly hex: string;
}

/** Keeps everything. */
export class CaptureLog implements CaptureSink {
  readonly packets: LoggedPacket[] = [];
  readonly interfaces: CaptureInterface[] = [];
  readonly sections: CaptureSection[] = [];
  readonly events: RecordedEvent[] = [];
  readonly stats: CaptureStats[] = [];
  readonly warnings: CaptureWarning[] = [];

  onPacket(packet: PacketRecord): void {
    // The record's fields are its own, so that a spread copies them; view and bytes are replaced.
    const { view, at, ...rest } = { ...packet };
    const bytes = new Uint8Array(view.buffer, view.byteOffset + at, packet.capLen);
    this.packets.push({ ...rest, hex: formatHex(bytes, "") });
  }

  onInterface(iface: CaptureInterface): void {
    this.interfaces.push(iface);
  }

  onSection(section: CaptureSection): void {
    this.sections.push(section);
  }

  onEvents(events: readonly RecordedEvent[]): void {
    this.events.push(...events);
  }

  onStats(stats: CaptureStats): void {
    this.stats.push(stats);
  }

  onWarning(warning: CaptureWarning): void {
    this.warnings.push(warning);
  }

  /** Messages only. */
  get messages(): string[] {
    return this.warnings.map((w) => (w.fatal ? `fatal: ${w.message}` : w.message));
  }
}

/** Reads `bytes`, in chunks of `chunkLen` where given. */
export function logCapture(
  bytes: Uint8Array,
  chunkLen: number = Math.max(1, bytes.length),
  options?: CaptureReaderOptions,
): CaptureLog {
  const log = new CaptureLog();
  const reader = new CaptureReader(log, options);
  for (let at = 0; at < bytes.length; at += chunkLen) {
    // A copy with a frame around it: reading outside the chunk shows as bytes 0xee.
    const chunk = new Uint8Array(chunkLen + 16).fill(0xee);
    const part = bytes.subarray(at, at + chunkLen);
    chunk.set(part, 8);
    reader.push(chunk.subarray(8, 8 + part.length));
  }
  reader.end();
  return log;
}
