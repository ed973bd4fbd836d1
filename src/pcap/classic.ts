/**
 * The classic pcap file format (draft-ietf-opsawg-pcap): its numbers, shared
 * by reader and writer.
 *
 * ```text
 * file header, 24 bytes                     record header, 16 bytes
 *  0 magic                                   0 seconds
 *  4 major version    6 minor version        4 micro- or nanoseconds
 *  8 reserved (zone) 12 reserved (sigfigs)   8 bytes captured
 * 16 snapshot length                        12 bytes on the wire
 * 20 link type, FCS length                  (16 bytes more: see KUZNETZOV)
 * ```
 *
 * @module
 */

/** Bytes of the file header. */
export const FILE_HEADER_LEN = 24;
/** Bytes of a record header. */
export const RECORD_HEADER_LEN = 16;
/** Bytes of a record header in files of Alexey Kuznetzov's patched libpcap. */
export const KUZNETZOV_RECORD_HEADER_LEN = 24;

/** First four bytes, as a number in the file's byte order. */
export const PcapMagic = {
  MICROSECONDS: 0xa1b2c3d4,
  NANOSECONDS: 0xa1b23c4d,
  /** Records carry interface, protocol and packet type after the usual 16 bytes. */
  KUZNETZOV: 0xa1b2cd34,
} as const;

/** Bits of the last header field that hold the LINKTYPE_ value; the others tell the length of the FCS. */
export const LINK_TYPE_MASK = 0x03ff_ffff;

/** libpcap's MAXIMUM_SNAPLEN and Wireshark's limit: no capture of IP packets holds longer ones. */
export const MAX_PACKET_LEN = 262_144;
