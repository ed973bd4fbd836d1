/**
 * Recordings as assertions take them: the bytes of a capture file, or a trace.
 *
 * @module
 */
import { CaptureReader } from "../../pcap/reader.ts";
import { type CaptureSink, type CaptureWarning, emptyPacket } from "../../pcap/sink.ts";
import { Trace } from "../../trace/trace.ts";
import type { FindingsReport } from "../findings/finding.ts";
import { FindingSink } from "../findings/read-findings.ts";
import { ConnectionLog, type ConnectionSummary } from "./connection-log.ts";

/** A capture file's bytes (pcap, pcapng, snoop, compressed or not), or a trace. */
export type Recording = Uint8Array | ArrayBuffer | Trace;

/** What is known of a recording. */
export interface Recorded {
  readonly connections: readonly ConnectionSummary[];
  readonly report: FindingsReport;
}

/**
 * Reads all of it.
 *
 * @throws {TypeError} when it is neither bytes nor a trace.
 * @throws {SyntaxError} when the bytes are no capture file, or a damaged one.
 */
export function readRecording(recording: Recording): Recorded {
  const logs: ConnectionLog[] = [];
  const sink = new FindingSink((bench) => {
    logs.push(new ConnectionLog(bench));
    return logs;
  });
  if (recording instanceof Trace) replay(recording, sink);
  else readBytes(bytesOf(recording), sink);
  const report = sink.finish();
  const connections = logs[0]!.summaries.toSorted((a, b) => a.stream - b.stream);
  return { connections, report };
}

function bytesOf(recording: unknown): Uint8Array {
  if (recording instanceof Uint8Array) return recording;
  if (recording instanceof ArrayBuffer) return new Uint8Array(recording);
  const what = typeof recording === "string" ? "a string (read the file first)" : typeof recording;
  throw new TypeError(`Cannot read a recording from ${what}: give bytes of a capture or a Trace`);
}

/** A test that looks at half a recording would pass for the wrong reason. */
function readBytes(bytes: Uint8Array, sink: FindingSink): void {
  let fatal: CaptureWarning | null = null;
  const reader = new CaptureReader({
    onPacket: (packet) => sink.onPacket(packet),
    onStats: (stats) => sink.onStats(stats),
    onWarning: (warning) => {
      if (warning.fatal) fatal = warning;
    },
  });
  reader.push(bytes);
  reader.end();
  const failed = damageOf(fatal);
  if (failed === null) return;
  throw new SyntaxError(
    `Cannot read the recording: at byte ${failed.offset}, after frame ${failed.frame}: ${failed.message}`,
  );
}

/** Set in a callback: the compiler does not see it. */
function damageOf(warning: CaptureWarning | null): CaptureWarning | null {
  return warning;
}

const NS = 1_000_000_000n;

/** The packets of a trace once more. */
function replay(trace: Trace, sink: CaptureSink): void {
  const { time, frame, iface, linkType, flags, gsoSize, capLen, origLen, offset } =
    trace.packets.columns;
  const packet = emptyPacket();
  for (let row = 0; row < trace.packets.length; row++) {
    const { view, at } = trace.viewOf(row);
    const ns = trace.epoch + BigInt(time[row]!);
    packet.sec = Number(ns / NS);
    packet.nsec = Number(ns % NS);
    packet.view = view;
    packet.at = at;
    packet.frame = frame[row]!;
    packet.iface = iface[row]!;
    packet.linkType = linkType[row]!;
    packet.flags = flags[row]!;
    packet.gsoSize = gsoSize[row]!;
    packet.capLen = capLen[row]!;
    packet.origLen = origLen[row]!;
    packet.offset = offset[row]!;
    sink.onPacket(packet);
  }
}
