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

/** Copies the packet's bytes to `out[at, …)`. */
export function copyPacket(
  { view, at: from, capLen }: PacketToWrite,
  out: Uint8Array,
  at: number,
): void {
  out.set(new Uint8Array(view.buffer, view.byteOffset + from, capLen), at);
}
