/**
 * Which call made which segments, and which segments a call waited for.
 *
 * By the endpoints of the connection and by the offset of each byte in its
 * stream, never by closeness in time: the k-th write of an end covers the
 * bytes behind those of the writes before it, whatever segments carried them.
 *
 * ```ts
 * const map = attributeCalls(trace);
 * map.of(call)?.rows;      // the segments of a call
 * map.madeBy(row);         // the calls whose bytes, SYN or FIN a segment carries
 * ```
 *
 * @module
 */
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { closingSegments, handshakeOf, openingSegments } from "./call-edges.ts";
import { attributeReads, attributeWrites } from "./call-bytes.ts";
import type { CallSegments } from "./call-segments.ts";
import { matchCalls, type ProgramEnd } from "./match.ts";
import { streamBytes, type StreamBytes } from "./offsets.ts";

/** What {@link attributeCalls} found. */
export class CallMap {
  /** The ends of streams that the program held. */
  readonly ends: readonly ProgramEnd[];
  /** Calls that belong to no stream of the capture: `listen`, a dial of nothing. */
  readonly unmatched: readonly CallEvent[];
  readonly #byCall = new Map<CallEvent, CallSegments>();
  readonly #madeBy = new Map<Row, CallSegments[]>();
  readonly #byStream = new Map<number, CallSegments[]>();
  /** Ports that were listened on, and the calls in the order of their begins. */
  readonly #listens = new Map<number, CallEvent[]>();

  constructor(
    ends: readonly ProgramEnd[],
    unmatched: readonly CallEvent[],
    found: readonly CallSegments[],
  ) {
    this.ends = ends;
    this.unmatched = unmatched;
    for (const c of found) {
      this.#byCall.set(c.call, c);
      push(this.#byStream, c.stream, c);
      for (const row of c.made) push(this.#madeBy, row, c);
    }
    for (const call of unmatched) {
      if (call.op !== "listen" || call.error !== null) continue;
      // Also of a name or of no host: "localhost:80", ":80".
      const port = /:(\d{1,5})$/.exec(call.local ?? "")?.[1];
      if (port !== undefined) push(this.#listens, Number(port), call);
    }
    for (const calls of this.#byStream.values()) calls.sort((a, b) => a.call.id - b.call.id);
  }

  /** The segments of a call; `null` when it belongs to no stream of the capture. */
  of(call: CallEvent): CallSegments | null {
    return this.#byCall.get(call) ?? null;
  }

  /** The calls that a segment exists for: its bytes, its SYN, its FIN. None: the system sent it by itself. */
  madeBy(row: Row): readonly CallSegments[] {
    return this.#madeBy.get(row) ?? [];
  }

  /** The last `listen` on `port` before `accept`, of all when there was none; `null` when nobody listened. */
  listenOn(port: number, accept: CallEvent | undefined): CallEvent | null {
    const listens = this.#listens.get(port) ?? [];
    const before = accept === undefined ? Infinity : accept.id;
    let low = 0;
    let high = listens.length;
    while (low < high) {
      const mid = (low + high) >>> 1;
      if (listens[mid]!.id < before) low = mid + 1;
      else high = mid;
    }
    return listens[high - 1] ?? null;
  }

  /** All calls of a stream, in the order of their begins. */
  ofStream(stream: number): readonly CallSegments[] {
    return this.#byStream.get(stream) ?? [];
  }
}

/** Joins the calls of a trace with its segments. */
export function attributeCalls(trace: Trace): CallMap {
  const { ends, unmatched } = matchCalls(trace);
  const found: CallSegments[] = [];
  const bytesOf = new Map<number, StreamBytes>();
  for (const end of ends) {
    const bytes = bytesOf.get(end.stream) ?? streamBytes(trace, end.stream);
    bytesOf.set(end.stream, bytes);
    for (const call of attributeEnd(trace, end, bytes)) found.push(call);
  }
  return new CallMap(ends, unmatched, found);
}

function attributeEnd(trace: Trace, end: ProgramEnd, bytes: StreamBytes): CallSegments[] {
  const handshake = handshakeOf(trace, end.stream);
  const opening = end.calls
    .filter((c) => c.op === "dial" || c.op === "accept")
    .map((call) => openingSegments(end, call, handshake));
  return [
    ...opening,
    ...attributeWrites(trace, end, bytes),
    ...attributeReads(trace, end, bytes),
    ...closingSegments(trace, end, bytes),
  ];
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
