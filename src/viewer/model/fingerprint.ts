/**
 * Which recording a link is about: by its length and its beginning, not by its name.
 *
 * @module
 */
import { XxHash64 } from "../../pcap/xxhash64.ts";

/** Bytes of each file that count. */
export const FINGERPRINT_LEN = 4096;

/** What of a file is looked at. */
export interface FileStart {
  readonly size: number;
  /** Its first {@link FINGERPRINT_LEN} bytes; all when it is shorter. */
  readonly first: Uint8Array;
}

/** 16 hexadecimal digits, of one file or of several in their order. */
export function fingerprint(files: readonly FileStart[]): string {
  const hash = new XxHash64();
  for (const { size, first } of files) {
    const length = new DataView(new ArrayBuffer(8));
    length.setFloat64(0, size);
    hash.add(new Uint8Array(length.buffer));
    hash.add(first);
  }
  return hash.value().toString(16).padStart(16, "0");
}
