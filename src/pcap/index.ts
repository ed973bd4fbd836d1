/**
 * Capture files: pcap and pcapng, read and written, with the events of a recording.
 *
 * @module
 */
export type { CallEvent, CallOp, ClockEvent, RecordedEvent } from "./event.ts";
export { mergeCaptures, type ByteSource, type MergeOptions } from "./merge.ts";
export type { PacketToWrite } from "./packet-to-write.ts";
export { PcapWriter, type PcapWriterOptions } from "./pcap-writer.ts";
export type { SkippedBlocks } from "./pcapng-reader.ts";
export { PcapngWriter, type InterfaceToWrite } from "./pcapng-writer.ts";
export { CaptureReader, type CaptureFileInfo, type CaptureReaderOptions } from "./reader.ts";
export { EpbFlag } from "./sink.ts";
export type {
  CaptureInterface,
  CaptureSection,
  CaptureSink,
  CaptureStats,
  CaptureWarning,
  PacketRecord,
} from "./sink.ts";
export { type BpfInsn } from "./filter/bpf.ts";
export { compileFilter } from "./filter/compile.ts";
export { FilterError } from "./filter/error.ts";
export { runBpf } from "./filter/run.ts";
