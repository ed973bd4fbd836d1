/**
 * Packets that stand in a capture twice: it was taken at two places, or a
 * mirror port showed them coming and going. Nobody sent those again.
 *
 * @module
 */
import type { Row } from "../trace/table.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";

/** Nobody's timer sends again within 100 ms; some stacks number all their packets alike. */
const SAME_ID_NS = 1e8;
/** Without a number to go by: not even an answer that asks for it makes anyone send again so soon. */
const SAME_BYTES_NS = 1e6;

/**
 * The rows of a stream that are an earlier one once more: alike in sequence
 * number, acknowledgement, flags, window, length and checksum, within 100 ms
 * and with the same IPv4 identification, which is a new one whenever a segment
 * is sent again. Where there is none (0, or IPv6), within 1 ms, and not for RSTs
 * and mere acknowledgements: of those one may send two alike.
 */
export function copiesOf(trace: Trace, rows: Uint32Array): Set<Row> {
  const copies = new Set<Row>();
  const last = new LastRows(trace, rows.length);
  for (const row of rows) {
    const earlier = last.replace(row);
    if (earlier !== null && isAlike(trace, earlier, row)) copies.add(row);
  }
  return copies;
}

/**
 * The last row of each direction, sequence number and flags: a hash table with open addressing over the columns
 * themselves, 8 to 16 bytes a row where a map takes 60. The multipliers are of this run, so that no capture can be
 * prepared whose rows all meet in one place.
 */
class LastRows {
  readonly #columns: Trace["segments"]["columns"];
  /** One more than the row; 0: free. */
  readonly #places: Uint32Array;
  readonly #shift: number;
  readonly #multipliers: readonly [number, number] = [random32(), random32()];

  /** @param count Rows that there may be. */
  constructor(trace: Trace, count: number) {
    this.#columns = trace.segments.columns;
    const bits = Math.max(4, Math.ceil(Math.log2(count * 2 + 1)));
    this.#places = new Uint32Array(2 ** bits);
    this.#shift = 32 - bits;
  }

  /** The row before that is like `row`, which takes its place. */
  replace(row: Row): Row | null {
    const { dir, seq, flags } = this.#columns;
    const places = this.#places;
    const kindOf = (of: Row): number => (flags[of]! & 63) * 2 + dir[of]!;
    const kind = kindOf(row);
    const [a, b] = this.#multipliers;
    let at = (Math.imul(seq[row]!, a) + Math.imul(kind, b)) >>> this.#shift;
    for (; places[at] !== 0; at = (at + 1) & (places.length - 1)) {
      const other = places[at]! - 1;
      const isSame = seq[other] === seq[row] && kindOf(other) === kind;
      if (!isSame) continue;
      places[at] = row + 1;
      return other;
    }
    places[at] = row + 1;
    return null;
  }
}

const random32 = (): number => Math.floor(Math.random() * 2 ** 32) | 1;

function isAlike(trace: Trace, a: Row, b: Row): boolean {
  const { ack, flags, payloadLen, window, time } = trace.segments.columns;
  if (ack[a] !== ack[b] || payloadLen[a] !== payloadLen[b] || window[a] !== window[b]) return false;
  const [m, n] = [marksOf(trace, a), marksOf(trace, b)];
  const apartNs = Math.abs(time[a]! - time[b]!);
  if (m.id !== n.id || m.checksum !== n.checksum) return false;
  if (m.id !== 0) return apartNs < SAME_ID_NS;
  const isCounted = payloadLen[a]! > 0 || (flags[a]! & (Flag.SYN | Flag.FIN)) !== 0;
  return isCounted && apartNs < SAME_BYTES_NS;
}

/** IPv4 identification (RFC 791 §3.1), 0 for IPv6, and the TCP checksum, -1 when it was not captured. */
function marksOf(trace: Trace, row: Row): { readonly id: number; readonly checksum: number } {
  const { packet, ipAt, tcpAt } = trace.segments.columns;
  const { view, at } = trace.viewOf(packet[row]!);
  const ip = at + ipAt[row]!;
  const end = at + trace.packets.columns.capLen[packet[row]!]!;
  const checksumAt = at + tcpAt[row]! + 16;
  return {
    id: view.getUint8(ip) >> 4 === 4 ? view.getUint16(ip + 4) : 0,
    checksum: checksumAt + 2 <= end ? view.getUint16(checksumAt) : -1,
  };
}
