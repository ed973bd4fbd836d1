/**
 * IP payload compression (RFC 3173): takes it off. Both ends agree on the
 * method by other means, and nearly always it is DEFLATE (RFC 2394), so that is tried.
 *
 * @module
 */
import { Z_FINISH, Z_STREAM_END, ZStream, zlibInflate, zlibInflateInit2 } from "pako";
import type { PacketPath } from "../wire/path.ts";

/** Next header, flags, compression parameter index. */
const HEADER_LEN = 4;
/** No IP packet is longer. */
const MAX_LEN = 0xffff;
/** A window of 32 KiB, and no header. */
const RAW_WINDOW_BITS = -15;

/**
 * The packet whose compressed payload `findTcp` found in `v`, as if it had never been
 * compressed; `null` when it cannot be. An IPv6 packet comes without its extension headers.
 */
export function decompressed(v: DataView, path: PacketPath): DataView | null {
  const { ipAt, partAt, partEnd } = path;
  if (path.why !== "compressed" || partAt < 0 || partEnd - partAt < HEADER_LEN) return null;
  const at = v.byteOffset + partAt + HEADER_LEN;
  const payload = inflateRaw(new Uint8Array(v.buffer, at, partEnd - partAt - HEADER_LEN));
  if (payload === null) return null;
  const isFour = path.ipVersion === 4;
  const headerLen = isFour ? (v.getUint8(ipAt) & 0xf) << 2 : 40;
  const all = new Uint8Array(headerLen + payload.length);
  all.set(new Uint8Array(v.buffer, v.byteOffset + ipAt, headerLen));
  all.set(payload, headerLen);
  const whole = new DataView(all.buffer);
  whole.setUint8(isFour ? 9 : 6, v.getUint8(partAt));
  whole.setUint16(isFour ? 2 : 4, isFour ? all.length : payload.length);
  if (isFour) whole.setUint16(10, 0);
  return whole;
}

function inflateRaw(input: Uint8Array): Uint8Array | null {
  const z = new ZStream();
  z.input = input;
  z.avail_in = input.length;
  z.output = new Uint8Array(MAX_LEN - 60);
  z.avail_out = z.output.length;
  zlibInflateInit2(z, RAW_WINDOW_BITS);
  if (zlibInflate(z, Z_FINISH) !== Z_STREAM_END) return null;
  return z.output.subarray(0, z.next_out);
}
