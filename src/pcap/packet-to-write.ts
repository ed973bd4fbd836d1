/**
 * What the writers take: a packet, and the checks that keep a file from
 * saying what cannot be.
 *
 * @module
 */
import type { PacketRecord } from "./sink.ts";

/** A packet to write; every {@link PacketRecord} is one. */
export type PacketToWrite = Pick<
  PacketRecord,
  "sec" | "nsec" | "view" | "at" | "capLen" | "origLen"
> &
  Partial<Pick<PacketRecord, "iface" | "flags" | "gsoSize" | "comments">>;

/** @throws {RangeError} when the lengths cannot be, or exceed `maxLen`, or the nanoseconds are no part of a second. */
export function checkPacket(packet: PacketToWrite, maxLen: number): void {
  const { capLen, origLen, nsec } = packet;
  if (!Number.isInteger(capLen) || capLen < 0 || capLen > maxLen) {
    throw new RangeError(`Cannot write packet of ${capLen} bytes: the limit is ${maxLen}`);
  }
  if (!Number.isInteger(origLen) || origLen < capLen || origLen > 0xffff_ffff) {
    throw new RangeError(
      `Cannot write packet of ${capLen} bytes: it was ${origLen} bytes on the wire`,
    );
  }
  if (!Number.isInteger(nsec) || nsec < 0 || nsec > 999_999_999) {
    throw new RangeError(`Cannot write packet: nanoseconds are ${nsec}`);
  }
}

/** Below this many bytes, copying words takes less than making the two views that `set` wants. */
const SHORT = 512;

/** Copies the packet's bytes to `out[at, …)`. */
export function copyPacket(
  { view, at: from, capLen }: PacketToWrite,
  out: DataView,
  at: number,
): void {
  if (capLen > SHORT) {
    const bytes = new Uint8Array(view.buffer, view.byteOffset + from, capLen);
    new Uint8Array(out.buffer, out.byteOffset + at, capLen).set(bytes);
    return;
  }
  let i = 0;
  for (; i + 4 <= capLen; i += 4) out.setInt32(at + i, view.getInt32(from + i));
  for (; i < capLen; i++) out.setUint8(at + i, view.getUint8(from + i));
}
