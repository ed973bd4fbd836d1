/**
 * The states of both ends of one connection of a trace, after each of its
 * segments: {@link ConnectionStates} with hindsight, since the whole connection is
 * known. An end that turns out not to have received a FIN never shows that it
 * had.
 *
 * @module
 */
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";
import {
  ConnectionStates,
  type EndStates,
  type StateName,
  STATES,
  type StateSegment,
} from "./connection-states.ts";

export { STATES, type StateName };

/** States of both ends of a stream after each of its segments. */
export interface StateTrack {
  /** Before the first segment: client, then server. */
  readonly initial: readonly [StateName, StateName];
  /** For the i-th segment of the stream, the index in {@link STATES} of each end's state. */
  readonly client: Uint8Array;
  readonly server: Uint8Array;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Walks the segments of `stream`. */
export function trackStates(trace: Trace, stream: number): StateTrack {
  const rows = trace.rowsOf(stream);
  const isSelf = trace.isSelfConnected(stream);
  const ends = [new EndTrack(rows.length), new EndTrack(rows.length)] as const;
  const { dir, flags, seq, ack, payloadLen } = trace.segments.columns;
  const states = new ConnectionStates();
  const now: EndStates = { clientState: 0, serverState: 0 };
  const s: Mutable<StateSegment> = { ...NO_SEGMENT };
  let initial: EndStates = { clientState: ESTABLISHED, serverState: ESTABLISHED };
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    s.dir = isSelf || dir[row] === 0 ? 0 : 1;
    s.flow = s.dir;
    s.reverseFlow = isSelf ? s.flow : 1 - s.flow;
    s.tcpFlags = flags[row]!;
    s.seq = seq[row]!;
    s.ack = ack[row]!;
    s.payloadLen = payloadLen[row]!;
    s.isNewStream = i === 0;
    if (i === 0) {
      states.begin(s, now);
      initial = { ...now };
    }
    states.pass(s, now);
    const [sender, receiver] = s.dir === 0 ? ends : [ends[1], ends[0]];
    if (states.isSteppedBack) sender.stepBack(i);
    if (states.isFinPresumed) receiver.presume(i);
    ends[0].put(i, now.clientState, s.dir === 0 ? states.senderOwn : states.receiverOwn);
    ends[1].put(i, now.serverState, s.dir === 0 ? states.receiverOwn : states.senderOwn);
  }
  const [client, server] = [ends[0].shown, ends[isSelf ? 0 : 1].shown];
  const refusal = isSelf ? -1 : rows.findIndex((r) => dir[r] === 1);
  if (refusal !== -1 && (flags[rows[refusal]!]! & Flag.RST) !== 0) {
    // Nobody listened there.
    for (let i = 0; i < refusal; i++) if (server[i] === LISTEN) server[i] = CLOSED;
    if (initial.serverState === LISTEN) initial.serverState = CLOSED;
  }
  return {
    initial: [STATES[initial.clientState]!, STATES[initial.serverState]!],
    client,
    server,
  };
}

const CLOSED = STATES.indexOf("CLOSED");
const LISTEN = STATES.indexOf("LISTEN");
const ESTABLISHED = STATES.indexOf("ESTABLISHED");

const NO_SEGMENT: StateSegment = {
  flow: 0,
  reverseFlow: 1,
  dir: 0,
  isNewStream: false,
  tcpFlags: 0,
  seq: 0,
  ack: 0,
  payloadLen: 0,
};

/** One end through time; what was presumed can be taken back. */
class EndTrack {
  readonly shown: Uint8Array;
  /** Without the other's FIN. */
  readonly #own: Uint8Array;
  #presumedAt = 0;

  constructor(length: number) {
    this.shown = new Uint8Array(length);
    this.#own = new Uint8Array(length);
  }

  put(i: number, shown: number, own: number): void {
    this.shown[i] = shown;
    this.#own[i] = own;
  }

  presume(i: number): void {
    this.#presumedAt = i;
  }

  /** Before segment `i` it had no FIN after all. */
  stepBack(i: number): void {
    this.shown.set(this.#own.subarray(this.#presumedAt, i), this.#presumedAt);
  }
}
