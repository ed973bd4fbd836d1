/**
 * What is known of one call and its segments.
 *
 * @module
 */
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";

/** The segments of one call. Rows are those of the segment table, in capture order. */
export interface CallSegments {
  readonly call: CallEvent;
  readonly stream: number;
  /** The caller's end: 0 the client's, 1 the server's. */
  readonly end: 0 | 1;
  /** Bytes written or read, as offsets in their direction; `null` in other calls, and where the count is not known. */
  readonly range: { readonly from: number; readonly to: number } | null;
  /**
   * `write`: the segments that first carried its bytes. `read`: those that
   * brought the bytes it took, or the FIN it met. `dial`, `accept`: the
   * handshake, from both ends. `closeWrite`, `close`: the FIN or RST.
   */
  readonly rows: readonly Row[];
  /** Segments that carried the same again. */
  readonly resent: readonly Row[];
  /** Those of `rows` and `resent` that exist because of this call; none of a read or an accept. */
  readonly made: readonly Row[];
  /** The first acknowledgement that covers all of it; `null` in reads, and where none was seen. */
  readonly ackedBy: Row | null;
}
