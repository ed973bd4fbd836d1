/**
 * Several segments as one, as Linux's segmentation offload would have handed them down:
 * `> P. 1:10001(10000)` is ten segments of 1,000 bytes on our wire.
 *
 * @module
 */
import { seqAdd } from "../../../wire/seqnum.ts";
import { Flag } from "../../../wire/tcp.ts";
import { tcpOptionsLen } from "../../../wire/tcp-option-emit.ts";
import type { SentPacket } from "./stack-under-test.ts";

/** Flags that may differ between the parts. */
const MAY_DIFFER = Flag.PSH | Flag.FIN | Flag.CWR;

/**
 * `next` behind `merged`, or `null` when it is no continuation. Number and CWR are the first's,
 * everything else the last's; `partLen`: payload bytes that every part but the last has.
 */
export function mergeSegments(
  merged: SentPacket,
  next: SentPacket,
  partLen: number,
): SentPacket | null {
  const a = merged.segment;
  const b = next.segment;
  const isSame =
    seqAdd(a.seq, a.payload.length) === b.seq &&
    (a.flags & ~MAY_DIFFER) === (b.flags & ~MAY_DIFFER) &&
    (a.flags & Flag.FIN) === 0 &&
    a.ack === b.ack &&
    a.window === b.window &&
    tcpOptionsLen(a.options) === tcpOptionsLen(b.options) &&
    a.payload.length % partLen === 0;
  if (!isSame) return null;
  const payload = new Uint8Array(a.payload.length + b.payload.length);
  payload.set(a.payload);
  payload.set(b.payload, a.payload.length);
  const flags = (b.flags & ~Flag.CWR) | (a.flags & Flag.CWR);
  return { ...next, segment: { ...b, seq: a.seq, flags, payload } };
}
