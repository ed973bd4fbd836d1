/**
 * Which stream each connection of the program is.
 *
 * By its two endpoints; where several streams had the same two, by the time
 * at which it was opened.
 *
 * @module
 */
import type { CallEvent } from "../pcap/event.ts";
import { endpointKey, parseEndpoint, type Endpoint } from "../trace/endpoint.ts";
import type { Trace } from "../trace/trace.ts";
import { Candidates } from "./candidates.ts";

/** One end of a stream, held by the recorded program. */
export interface ProgramEnd {
  readonly stream: number;
  /** 0: the client's end; 1: the server's. */
  readonly end: 0 | 1;
  /** Its calls, in the order of their begins. */
  readonly calls: readonly CallEvent[];
}

/** A connection as the calls describe it. */
interface Group {
  readonly calls: CallEvent[];
  local: Endpoint | null;
  remote: Endpoint | null;
}

/** The ends of streams that calls belong to, and the calls that belong to none. */
export function matchCalls(trace: Trace): {
  readonly ends: readonly ProgramEnd[];
  readonly unmatched: readonly CallEvent[];
} {
  const groups = groupByConn(trace.calls);
  const index = new StreamIndex(trace, groups);
  const ends: ProgramEnd[] = [];
  const unmatched: CallEvent[] = [];
  for (const group of groups) {
    const stream = index.find(group);
    if (stream === null) {
      for (const call of group.calls) unmatched.push(call);
    } else ends.push({ stream, end: endOf(trace, stream, group), calls: group.calls });
  }
  return { ends, unmatched };
}

/** Calls of one connection together; a call without one (`listen`, a dial that failed) is alone. */
function groupByConn(calls: readonly CallEvent[]): Group[] {
  const groups: Group[] = [];
  const byConn = new Map<number, Group>();
  for (const call of calls) {
    let group = call.conn === null ? undefined : byConn.get(call.conn);
    if (group === undefined) {
      group = { calls: [], local: null, remote: null };
      groups.push(group);
      if (call.conn !== null) byConn.set(call.conn, group);
    }
    group.calls.push(call);
    group.local ??= parseEndpoint(call.local ?? "");
    group.remote ??= parseEndpoint(call.remote ?? "");
  }
  return groups;
}

class StreamIndex {
  readonly #trace: Trace;
  /** Streams by both endpoints, and by the server's alone, in their order. */
  readonly #byPair = new Map<string, number[]>();
  readonly #byServer = new Map<string, number[]>();
  /** The same, by who asks for them. */
  readonly #candidates = new Map<string, Candidates>();
  /** Ends already given away: `stream * 2 + end`. */
  readonly #taken = new Set<number>();
  readonly #errorNs: number;

  constructor(trace: Trace, groups: readonly Group[]) {
    this.#trace = trace;
    this.#errorNs = trace.clock?.errorNs ?? 0;
    for (const { local, remote } of groups) {
      if (remote === null) continue;
      if (local === null) this.#byServer.set(endpointKey(remote), []);
      else this.#byPair.set(pairKey(local, remote), []);
    }
    if (groups.length === 0) return;
    for (let stream = 0; stream < trace.streams; stream++) {
      const client = trace.endpoint(stream, 0);
      const server = trace.endpoint(stream, 1);
      this.#byPair.get(pairKey(client, server))?.push(stream);
      this.#byServer.get(endpointKey(server))?.push(stream);
    }
  }

  find(group: Group): number | null {
    const { local, remote } = group;
    const first = group.calls[0]!;
    if (remote === null || first.op === "listen") return null;
    if (local === null) return this.#findFailedDial(first, remote);
    const trace = this.#trace;
    const pair = pairKey(local, remote);
    // Which end is asked for follows from the local endpoint, or where both are one from the role.
    const asker = `${pair} ${endpointKey(local)} ${first.role}`;
    const streams = this.#candidatesOf(asker, this.#byPair.get(pair), (s) =>
      endOf(trace, s, group),
    );
    // The newest that had begun when the connection was had.
    const opened = this.#time(first.end);
    const stream =
      streams.newestUntil(opened + this.#errorNs) ?? streams.oldestWithin(-Infinity, Infinity);
    if (stream !== null) this.#taken.add(stream * 2 + endOf(trace, stream, group));
    return stream;
  }

  #candidatesOf(
    asker: string,
    streams: readonly number[] | undefined,
    endIn: (stream: number) => 0 | 1,
  ): Candidates {
    let found = this.#candidates.get(asker);
    if (found === undefined) {
      found = new Candidates(
        streams ?? [],
        (s) => this.#startOf(s),
        (s) => this.#taken.has(s * 2 + endIn(s)),
      );
      this.#candidates.set(asker, found);
    }
    return found;
  }

  /** A dial that got no connection knows only where it wanted to: its SYN lies within the call. */
  #findFailedDial(call: CallEvent, remote: Endpoint): number | null {
    if (call.op !== "dial") return null;
    const begin = this.#trace.toTime(call.begin) - this.#errorNs;
    const end = this.#time(call.end) + this.#errorNs;
    const server = endpointKey(remote);
    const streams = this.#candidatesOf(server, this.#byServer.get(server), () => 0);
    const stream = streams.oldestWithin(begin, end);
    if (stream !== null) this.#taken.add(stream * 2);
    return stream;
  }

  #time(ns: bigint | null): number {
    return ns === null ? Infinity : this.#trace.toTime(ns);
  }

  #startOf(stream: number): number {
    return this.#trace.segments.columns.time[this.#trace.rowsOf(stream)[0]!]!;
  }
}

function endOf(trace: Trace, stream: number, group: Group): 0 | 1 {
  if (group.local === null) return 0;
  if (trace.isSelfConnected(stream)) return group.calls[0]!.role === "client" ? 0 : 1;
  return endpointKey(trace.endpoint(stream, 0)) === endpointKey(group.local) ? 0 : 1;
}

function pairKey(a: Endpoint, b: Endpoint): string {
  const keys = [endpointKey(a), endpointKey(b)];
  return keys.toSorted().join(" ");
}
