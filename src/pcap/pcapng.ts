/**
 * The pcapng file format (draft-ietf-opsawg-pcapng): its numbers, shared by
 * reader and writer.
 *
 * ```text
 * any block                                 enhanced packet block, body
 *  0 type                                    8 interface
 *  4 total length                           12 time, upper half   16 lower half
 *  8 body, padded to 32 bits                20 bytes captured     24 bytes on the wire
 * -4 total length again                     28 packet, padded; then options
 * ```
 *
 * @module
 */

/** Block types that the reader knows (§4, and those that Wireshark 4.0 numbers as frames). */
export const BlockType = {
  /** Reads the same in both byte orders. */
  SECTION: 0x0a0d0d0a,
  INTERFACE: 1,
  OLD_PACKET: 2,
  SIMPLE_PACKET: 3,
  NAME_RESOLUTION: 4,
  STATISTICS: 5,
  ENHANCED_PACKET: 6,
  JOURNAL: 9,
  SECRETS: 10,
  SYSDIG: 0x204,
  SYSDIG_V2: 0x216,
  SYSDIG_V2_LARGE: 0x221,
  CUSTOM: 0x0bad,
  CUSTOM_NO_COPY: 0x4000_0bad,
  /** Ours: events of a recording, in the range for local use (§3.1). ASCII `seq` below the high bit. */
  EVENTS: 0x8073_6571,
} as const;

/** The high bit of a block type: anybody may use it, nobody else need understand it (§3.1). */
export const LOCAL_USE = 0x8000_0000;

/** First word of a section's body. */
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;

/** Option codes (§3.5, §4). */
export const Option = {
  END: 0,
  COMMENT: 1,
  SECTION_HARDWARE: 2,
  SECTION_OS: 3,
  SECTION_APPLICATION: 4,
  IF_NAME: 2,
  IF_DESCRIPTION: 3,
  IF_TSRESOL: 9,
  IF_FILTER: 11,
  IF_OS: 12,
  IF_TSOFFSET: 14,
  EPB_FLAGS: 2,
  EPB_DROPCOUNT: 4,
  ISB_IFRECV: 4,
  ISB_IFDROP: 5,
  ISB_FILTERACCEPT: 6,
  ISB_OSDROP: 7,
  /**
   * Ours, in the range for local use (§3.5): TCP payload bytes of each wire segment that an
   * offloaded packet stands for. `epb_flags` can say that there were several, not of what size.
   * The value is {@link GSO_SIGNATURE} and the size, so that nobody else's option is taken for it.
   */
  GSO_SIZE: 0xf371,
} as const;

/** First four bytes of a {@link Option.GSO_SIZE}: ASCII `sqak`. */
export const GSO_SIGNATURE = 0x7371_616b;

/** Bytes of a block without a body. */
export const MIN_BLOCK_LEN = 12;
/** A block that has to be looked at as a whole may be so long, as in Wireshark. */
export const MAX_BLOCK_LEN = 16 * 1024 * 1024;

/** `n` rounded up to whole 32-bit words. */
export const pad4 = (n: number): number => Math.ceil(n / 4) * 4;
