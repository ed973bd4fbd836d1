/**
 * What is kept of connections that may still go on: rows of numbers, side by
 * side, some 230 bytes a direction.
 *
 * A row belongs to a slot, and is cleared when a new connection takes it. Rows
 * are one array of whole numbers and one of doubles, so that a segment touches
 * few cache lines: a column each would be twenty of them.
 *
 * @module
 */
import { RTT_EXACT } from "./rtt.ts";

/** Whole numbers of a direction. Signed, which V8 handles fastest; sequence numbers and frames are read with `>>> 0`. */
export const Word = {
  /** Bits of {@link Mark}. */
  MARKS: 0,
  SEGMENTS: 1,
  DATA_SEGMENTS: 2,
  /** End of the payload that reaches furthest. */
  HIGH: 3,
  MAX_WINDOW: 4,
  MIN_WINDOW: 5,
  MAX_FLIGHT: 6,
  LAST_FRAME: 7,
  /** With `RECOVERING`: up to here acknowledgements measure nothing. */
  RECOVER: 8,
  RTT_COUNT: 9,
  /** Number of its RTT histogram; 0: none yet. */
  HISTOGRAM: 10,
  CLOSINGS: 11,
  MSS: 12,
  OPTIONS: 13,
  /** Plus one. */
  SHIFT: 14,
  SYNS: 15,
  FINS: 16,
  RSTS: 17,
  /** Number of its block of verdict counts; 0: it has no verdict. */
  VERDICTS: 18,
} as const;

/** Whole numbers in a row. */
export const WORDS = Word.VERDICTS + 1;

/** Doubles of a direction: byte counts and times, in nanoseconds since the first segment of the connection. */
export const Time = {
  /** When that was; the same in both directions. */
  START_SEC: 0,
  START_NSEC: 1,
  LAST: 2,
  WIRE_BYTES: 3,
  PAYLOAD_BYTES: 4,
  /** Payload that had been seen before. */
  REPEATED_BYTES: 5,
  RETRANSMITTED_BYTES: 6,
  CLOSED_SINCE: 7,
  CLOSED_NS: 8,
  RTT_MIN: 9,
  RTT_MAX: 10,
  /** The first samples. */
  RTT: 11,
} as const;

/** Doubles in a row. */
export const TIMES = Time.RTT + RTT_EXACT;

/** Bits of {@link Word.MARKS}. The low six are those of `Completeness`. */
export const Mark = {
  COMPLETENESS: 0x3f,
  /** The other side's SYN-ACK has passed, and no ACK of it. */
  AWAITS_ACK: 0x40,
  /** The last window was 0. */
  CLOSED: 0x80,
  /** Bytes were sent again, or passed over. */
  RECOVERING: 0x100,
} as const;

/** Numbers of a connection as a whole. */
export const Conn = {
  /** 1: the row is in use. */
  USED: 0,
  STREAM: 1,
  VERSION: 2,
  /** Which side of the slot the client is. */
  CLIENT_SIDE: 3,
  FIRST_FRAME: 4,
  /** Plus one; 0: nobody. */
  FIRST_FIN: 5,
  FIRST_RST: 6,
  CLIENT_PORT: 7,
  SERVER_PORT: 8,
  CLIENT_ADDR: 9,
  SERVER_ADDR: 13,
} as const;

const CONNECTION_WORDS = 17;

/** Times of the handshake, NaN until they are known. */
export const Shake = { SYN: 0, SYN_ACK: 1, SYN_TO_SYN_ACK: 2, SYN_ACK_TO_ACK: 3 } as const;

const HANDSHAKE_TIMES = 4;

const BIGGEST_INT = 2 ** 31 - 1;

/** See the module. The arrays are replaced when they grow. */
export class OpenRows {
  /** Slots there is room for. */
  slots = 0;
  /** Slots below this one have been used. */
  #used = 0;
  words: Int32Array = new Int32Array(0);
  times: Float64Array = new Float64Array(0);
  connections: Uint32Array = new Uint32Array(0);
  handshakes: Float64Array = new Float64Array(0);

  /** Makes room for so many slots: arrays that grow are held twice for a while. */
  reserve(slots: number): void {
    if (slots > this.slots) this.#grow(slots);
  }

  /** Makes an empty row of `slot`. */
  clear(slot: number): void {
    if (slot >= this.slots) this.#grow(Math.max(64, this.slots * 2, slot + 1));
    else if (slot < this.#used) this.#empty(slot);
    this.#used = Math.max(this.#used, slot + 1);
    for (let n = 0; n < HANDSHAKE_TIMES; n++) {
      this.handshakes[slot * HANDSHAKE_TIMES + n] = Number.NaN;
    }
    for (let flow = slot * 2; flow < slot * 2 + 2; flow++) {
      this.words[flow * WORDS + Word.MIN_WINDOW] = BIGGEST_INT;
      this.words[flow * WORDS + Word.MAX_WINDOW] = -1;
    }
  }

  #empty(slot: number): void {
    this.words.fill(0, slot * 2 * WORDS, (slot + 1) * 2 * WORDS);
    this.times.fill(0, slot * 2 * TIMES, (slot + 1) * 2 * TIMES);
    this.connections.fill(0, slot * CONNECTION_WORDS, (slot + 1) * CONNECTION_WORDS);
  }

  /** Where the numbers of `slot` are in {@link connections}. */
  connectionAt(slot: number): number {
    return slot * CONNECTION_WORDS;
  }

  /** Where its times are in {@link handshakes}. */
  handshakeAt(slot: number): number {
    return slot * HANDSHAKE_TIMES;
  }

  #grow(slots: number): void {
    this.slots = slots;
    const { words, times, connections, handshakes } = this;
    this.words = new Int32Array(slots * 2 * WORDS);
    this.words.set(words);
    this.times = new Float64Array(slots * 2 * TIMES);
    this.times.set(times);
    this.connections = new Uint32Array(slots * CONNECTION_WORDS);
    this.connections.set(connections);
    this.handshakes = new Float64Array(slots * HANDSHAKE_TIMES);
    this.handshakes.set(handshakes);
  }
}
