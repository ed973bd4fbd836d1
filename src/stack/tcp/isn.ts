/**
 * Initial sequence numbers that nobody outside can guess (RFC 6528 §3):
 *
 *     ISN = M + F(localip, localport, remoteip, remoteport, secretkey)
 *
 * @module
 */
import { sha1 } from "../../base/sha1.ts";
import type { SeqNum } from "../../wire/seqnum.ts";

/** M ticks every 4 microseconds (RFC 9293 §3.4.1). */
const TICK_NS = 4000;

/** One end of a flow: the address in bytes, 4 or 16. */
export interface IsnEnd {
  readonly address: Uint8Array;
  readonly port: number;
}

/**
 * The ISN of a connection that begins at `nowNs`. `secret`: bytes that only this stack knows, at least 16;
 * a fixed one makes a run repeatable, and is not for a real network.
 */
export function initialSequence(
  secret: Uint8Array,
  local: IsnEnd,
  remote: IsnEnd,
  nowNs: number,
): SeqNum {
  const { address: from } = local;
  const { address: to } = remote;
  const input = new Uint8Array(secret.length + from.length + to.length + 4);
  input.set(from, 0);
  input.set(to, from.length);
  const v = new DataView(input.buffer);
  v.setUint16(from.length + to.length, local.port);
  v.setUint16(from.length + to.length + 2, remote.port);
  input.set(secret, from.length + to.length + 4);
  const hash = sha1(input);
  const f = new DataView(hash.buffer, hash.byteOffset).getUint32(0);
  return (f + (Math.floor(nowNs / TICK_NS) % 2 ** 32)) >>> 0;
}
