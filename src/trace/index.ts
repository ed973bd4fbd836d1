/**
 * The recording in memory: streams, segments and packets as columns.
 *
 * @module
 */
export * from "./builder.ts";
export * from "./endpoint.ts";
export type { ReadAgain } from "./file-bytes.ts";
export { SCALE_UNKNOWN, SCALE_UNUSED, type SegmentRecord, type SegmentSink } from "./segment.ts";
export * from "./table.ts";
export * from "./trace.ts";
export { SegmentTracker, type TrackerLimits } from "./tracker.ts";
