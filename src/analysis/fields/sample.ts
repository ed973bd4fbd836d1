/**
 * Copies of what is reused, for the segments of one frame that tells of several.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";

/** The record as it is now; its bytes are the packet's. */
export function copyOfSegment(s: SegmentRecord): SegmentRecord {
  return {
    packet: s.packet,
    path: { ...s.path },
    view: s.view,
    stream: s.stream,
    isNewStream: s.isNewStream,
    isReusedPorts: s.isReusedPorts,
    replacedStream: s.replacedStream,
    streamFrame: s.streamFrame,
    flow: s.flow,
    reverseFlow: s.reverseFlow,
    dir: s.dir,
    srcPort: s.srcPort,
    dstPort: s.dstPort,
    seq: s.seq,
    ack: s.ack,
    tcpFlags: s.tcpFlags,
    window: s.window,
    headerLen: s.headerLen,
    isLenKnown: s.isLenKnown,
    payloadLen: s.payloadLen,
    payloadAt: s.payloadAt,
    payloadCaptured: s.payloadCaptured,
    isSynAgain: s.isSynAgain,
    ackBase: s.ackBase,
    relSeq: s.relSeq,
    relAck: s.relAck,
    scale: s.scale,
    reverseScale: s.reverseScale,
    windowSize: s.windowSize,
  };
}

/** The verdicts as they are now, but for their evidence. */
export const copyOfVerdicts = (v: SegmentVerdicts): SegmentVerdicts => ({ ...v });
