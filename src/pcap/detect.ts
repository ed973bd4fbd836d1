/**
 * Tells a capture by its first bytes.
 *
 * @module
 */
import { formatHex, viewOf } from "../base/bytes.ts";
import { PcapMagic } from "./classic.ts";
import { GZIP_MAGIC } from "./gunzip.ts";
import { BlockType, BYTE_ORDER_MAGIC } from "./pcapng.ts";
import { SNOOP_MAGIC, SNOOP_MAGIC_END } from "./snoop.ts";
import { LZ4_MAGIC } from "./unlz4.ts";
import { ZSTD_MAGIC } from "./unzstd.ts";

/** How a capture may be compressed as a whole. */
export type Compression = "gzip" | "zstd" | "lz4";

/** What a file's first bytes say that it is. */
export type Detected = "pcap" | "pcapng" | "snoop" | Compression | "other";

/** Bytes that {@link detect} wants to see. */
export const DETECT_LEN = 4;

/** Tells by the first {@link DETECT_LEN} bytes (two are enough for gzip). */
export function detect(b: Uint8Array): Detected {
  if (b[0] === GZIP_MAGIC[0] && b[1] === GZIP_MAGIC[1]) return "gzip";
  if (b.length < DETECT_LEN) return "other";
  if (ZSTD_MAGIC.every((byte, i) => b[i] === byte)) return "zstd";
  if (LZ4_MAGIC.every((byte, i) => b[i] === byte)) return "lz4";
  const view = viewOf(b);
  const big = view.getUint32(0);
  if (big === SNOOP_MAGIC) return "snoop";
  if (big === BlockType.SECTION) return "pcapng";
  return PCAP_MAGICS.has(big) || PCAP_MAGICS.has(view.getUint32(0, true)) ? "pcap" : "other";
}

const PCAP_MAGICS: ReadonlySet<number> = new Set(Object.values(PcapMagic));

/**
 * Whether another capture begins at `at`, where a record or block was expected: a magic number alone
 * may be a time stamp, so more of the header has to be right. Looks at 12 bytes.
 */
export function beginsFile(view: DataView, at: number): boolean {
  const first = view.getUint32(at);
  if (first === BlockType.SECTION) {
    const order = at + 8;
    return [true, false].some((le) => view.getUint32(order, le) === BYTE_ORDER_MAGIC);
  }
  if (first === SNOOP_MAGIC) return view.getUint32(at + 4) === SNOOP_MAGIC_END;
  return [true, false].some(
    (le) => PCAP_MAGICS.has(view.getUint32(at, le)) && isPcapVersion(view, at + 4, le),
  );
}

/** Version 2.2 to 2.4: all that were ever written. */
function isPcapVersion(view: DataView, at: number, le: boolean): boolean {
  const minor = view.getUint16(at + 2, le);
  return view.getUint16(at, le) === 2 && minor >= 2 && minor <= 4;
}

/** Beginnings of what is sometimes taken for a capture, with what to say of each. */
const LOOKALIKES: readonly (readonly [hex: string, what: string])[] = [
  ["28b52ffd", "data that was compressed twice; decompress it first (zstd -d)"],
  ["04224d18", "data that was compressed twice; decompress it first (lz4 -d)"],
  ["fd377a58", "xz-compressed data; decompress it first (xz -d)"],
  ["425a68", "bzip2-compressed data; decompress it first (bzip2 -d)"],
  ["504b0304", "a zip archive; unpack it first"],
  ["1f8b", "data that was compressed twice; decompress it first (gzip -d)"],
  [
    "0a0d0a",
    "a pcapng file whose line ends a transfer in text mode has changed; transfer it in binary mode",
  ],
  [
    "0d0a0d0d",
    "a pcapng file whose line ends a transfer in text mode has changed; transfer it in binary mode",
  ],
  ["a12b3c4d", "a capture of Navtel's variant, which is not supported"],
  ["4d3c2ba1", "a capture of Navtel's variant, which is not supported"],
  ["1c0001ab", "a capture of IXIA's variant, which is not supported"],
  ["1c0001ac", "a capture of IXIA's variant, which is not supported"],
  ["ab01001c", "a capture of IXIA's variant, which is not supported"],
  ["ac01001c", "a capture of IXIA's variant, which is not supported"],
  ["efbbbf", "text with a byte-order mark"],
  ["00000000", "only zero bytes"],
];

/** Why bytes that are no capture are none: what they look like, or the first of them in hex. */
export function describeOther(first: Uint8Array): string {
  const shown = formatHex(first.subarray(0, 16));
  const hex = formatHex(first, "");
  const found = LOOKALIKES.find(([start]) => hex.startsWith(start));
  const what = found === undefined ? "" : `: it looks like ${found[1]}`;
  return `not a capture${what} (first bytes: ${shown})`;
}
