/**
 * A connection for the tests of ladders.
 *
 * @module
 */
import type { CallEvent } from "../../pcap/event.ts";
import type { PacketRecord } from "../../pcap/sink.ts";
import { type Ladder, ladderOf } from "./ladder.ts";
import { Recording } from "./recording.ts";

/** Three segments, a write that is lost and sent again, an answer, a close. */
export const LINES: readonly string[] = [
  "1 > S 100 win 65495 mss 65495",
  "41 < S. 300 ack 101 win 65483 mss 65495",
  "42 > . 101 ack 301 win 512",
  "50 > P. 101:121(20) ack 301 win 512",
  "350 > P. 101:121(20) ack 301 win 512",
  "390 < . 301 ack 121 win 512",
  "400 < P. 301:321(20) ack 121 win 512",
  "401 > . 121 ack 321 win 512",
  "500 > F. 121 ack 321 win 512",
  "540 < F. 321 ack 122 win 512",
  "541 > . 122 ack 322 win 512",
];

/** Calls of both ends. */
export const CALLS: readonly string[] = [
  "server listen 0.2 0.3",
  "client dial 0.9 42.1",
  "client write 49 49.1 20",
  "server accept 1 42.2",
  "server read 43 375 20",
  "server write 395 395.1 20",
  "client close 499 499.1",
];

/** The ladder of some packets and calls. */
export function ladderOfPackets(
  packets: readonly PacketRecord[],
  calls: readonly CallEvent[] = [],
): Ladder {
  const recording = new Recording();
  for (const packet of packets) recording.sink.onPacket(packet);
  const clock = { kind: "clock", source: "test", errorNs: 1000 } as const;
  recording.sink.onEvents?.([clock, ...calls]);
  recording.end();
  const ladder = ladderOf(recording, 0);
  if (ladder === null) throw new RangeError("Cannot draw a ladder of nothing");
  return ladder;
}

/** The same calls; those of one kind ended with an error, as a recording may claim. */
export function withError(
  calls: readonly CallEvent[],
  op: CallEvent["op"],
  error: string,
): CallEvent[] {
  const changed: CallEvent[] = [];
  for (const call of calls) changed.push(call.op === op ? { ...call, error } : call);
  return changed;
}
