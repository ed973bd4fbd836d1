/**
 * A connection takes its slot.
 *
 * @module
 */
import type { SegmentRecord } from "../../trace/segment.ts";
import { Flag, TCP_MIN_HEADER_LEN } from "../../wire/tcp.ts";
import { Completeness } from "../verdicts/result.ts";
import { Conn, type OpenRows, Time, TIMES, Word, WORDS } from "./open-rows.ts";

/** Makes the row of the connection that `s` begins. */
export function beginConnection(open: OpenRows, slot: number, s: SegmentRecord): void {
  open.clear(slot);
  for (let flow = slot * 2; flow < slot * 2 + 2; flow++) {
    open.times[flow * TIMES + Time.START_SEC] = s.packet.sec;
    open.times[flow * TIMES + Time.START_NSEC] = s.packet.nsec;
  }
  open.words[s.flow * WORDS + Word.MARKS] = completenessOfFirst(s);
  const { connections } = open;
  const at = open.connectionAt(slot);
  connections[at + Conn.USED] = 1;
  connections[at + Conn.STREAM] = s.stream;
  connections[at + Conn.VERSION] = s.path.ipVersion;
  connections[at + Conn.CLIENT_SIDE] = (s.flow & 1) ^ s.dir;
  connections[at + Conn.FIRST_FRAME] = s.packet.frame;
  const isForth = s.dir === 0;
  connections[at + Conn.CLIENT_PORT] = isForth ? s.srcPort : s.dstPort;
  connections[at + Conn.SERVER_PORT] = isForth ? s.dstPort : s.srcPort;
  const { ipVersion, ipAt, dstAt } = s.path;
  const srcAt = ipAt + (ipVersion === 4 ? 12 : 8);
  const words = ipVersion === 4 ? 1 : 4;
  for (let n = 0; n < words; n++) {
    connections[at + (isForth ? Conn.CLIENT_ADDR : Conn.SERVER_ADDR) + n] = s.view.getUint32(
      srcAt + n * 4,
    );
    connections[at + (isForth ? Conn.SERVER_ADDR : Conn.CLIENT_ADDR) + n] = s.view.getUint32(
      dstAt + n * 4,
    );
  }
}

/** A SYN counts only where a connection begins with it. */
function completenessOfFirst(s: SegmentRecord): number {
  if (s.isReusedPorts) return Completeness.SYN;
  const isSyn = (s.tcpFlags & (Flag.SYN | Flag.ACK)) === Flag.SYN;
  if (!isSyn || s.headerLen < TCP_MIN_HEADER_LEN) return 0;
  return Completeness.SYN | (s.payloadLen > 0 ? Completeness.DATA : 0);
}
