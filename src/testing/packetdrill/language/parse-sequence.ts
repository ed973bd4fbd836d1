/**
 * `SEQ:END(LEN)`: where a segment's payload begins, where it ends, how long it is.
 *
 * @module
 */
import { seqAdd, type SeqNum } from "../../../wire/seqnum.ts";
import type { Cursor } from "./cursor.ts";

const LARGEST_PAYLOAD = 65_535;

/** The largest sequence number. */
export const LARGEST_SEQ = 0xffff_ffff;

/** SYN and FIN count neither in END nor in LEN. @throws {SyntaxError} when the three do not agree. */
export function parseSequence(c: Cursor): { seq: SeqNum; payloadLen: number } {
  const at = c.at;
  const seq = c.needNumber("a sequence number");
  c.needText(":");
  const end = c.needNumber("the sequence number behind the payload");
  c.needText("(");
  const payloadLen = c.needNumber("the length of the payload");
  c.needText(")");
  if (seq > LARGEST_SEQ || end > LARGEST_SEQ)
    throw c.error("a sequence number is less than 2^32", at);
  if (payloadLen > LARGEST_PAYLOAD) throw c.error(`${payloadLen} bytes do not fit in a packet`, at);
  if (seqAdd(seq, payloadLen) !== end)
    throw c.error(`${seq} and ${payloadLen} bytes make ${seqAdd(seq, payloadLen)}, not ${end}`, at);
  return { seq, payloadLen };
}
