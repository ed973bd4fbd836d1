/**
 * What a program calls, told while it happens: every call of the net API over
 * kernel sockets publishes on `node:diagnostics_channel`.
 *
 * The channels are those of `tracingChannel("seqack:read")`, and so on for
 * `listen`, `accept`, `dial`, `read`, `write`, `closeWrite` and `close`:
 * `tracing:seqack:read:start` before the call does anything, `:asyncEnd` when
 * it has its result, and `:error` just before that when it failed. The message
 * is one {@link Call} from begin to end. Without a subscriber a call makes one
 * test and nothing else.
 *
 * ```ts
 * const recorder = recordCalls(now);
 * await program();
 * const events: CallEvent[] = recorder.stop();
 * ```
 *
 * @module
 */
import { tracingChannel, type TracingChannel } from "node:diagnostics_channel";
import { CallLog, type Call, type CallSink } from "../net/calls.ts";
import type { CallEvent, CallOp } from "../pcap/event.ts";

type CallChannel = TracingChannel<unknown, Call>;

const channel = (op: CallOp): CallChannel => tracingChannel<unknown, Call>(`seqack:${op}`);

/** The channels by operation. */
export const CALL_CHANNELS: Readonly<Record<CallOp, CallChannel>> = {
  listen: channel("listen"),
  accept: channel("accept"),
  dial: channel("dial"),
  read: channel("read"),
  write: channel("write"),
  closeWrite: channel("closeWrite"),
  close: channel("close"),
};

/** Publishes calls on {@link CALL_CHANNELS}. */
export const publishCalls: CallSink = {
  isActive(op) {
    const { start, asyncEnd, error } = CALL_CHANNELS[op];
    return start.hasSubscribers || asyncEnd.hasSubscribers || error.hasSubscribers;
  },
  onBegin(call) {
    CALL_CHANNELS[call.op].start.publish(call);
  },
  onEnd(call) {
    const { asyncEnd, error } = CALL_CHANNELS[call.op];
    if (call.error !== null) error.publish(call);
    asyncEnd.publish(call);
  },
};

/** A recording of calls under way. */
export interface CallRecorder {
  /** Calls that ended since the last time, in the order of their ends. */
  take(): CallEvent[];
  /** Ends the recording: the rest in the order of begins, calls still waiting with `end: null`. */
  stop(): CallEvent[];
}

/**
 * Records every call of the process from now on.
 *
 * @param now Nanoseconds since 1970 on the packets' clock. Read before a call
 *   does anything, and again when it has its result.
 */
export function recordCalls(now: () => bigint): CallRecorder {
  const log = new CallLog(now);
  const onBegin = (message: unknown): void => log.onBegin(callOf(message));
  const onEnd = (message: unknown): void => log.onEnd(callOf(message));
  for (const { start, asyncEnd } of Object.values(CALL_CHANNELS)) {
    start.subscribe(onBegin);
    asyncEnd.subscribe(onEnd);
  }
  return {
    take: () => log.take(),
    stop() {
      for (const { start, asyncEnd } of Object.values(CALL_CHANNELS)) {
        start.unsubscribe(onBegin);
        asyncEnd.unsubscribe(onEnd);
      }
      return log.close();
    },
  };
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- only publishCalls publishes there
const callOf = (message: unknown): Call => message as Call;
