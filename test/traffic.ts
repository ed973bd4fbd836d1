/**
 * Synthetic captures of any length: classic pcap of Ethernet, IPv4 and TCP, the same bytes on every
 * machine, written in place without an object per packet.
 *
 * ```ts ignore
 * const out = new TrafficWriter((bytes) => writeSync(fd, bytes));
 * const talk = new Talk(0, 40_000);
 * out.handshake(talk);
 * out.data(talk, CLIENT, 1448);
 * out.end();
 * ```
 */
import { Flag } from "../src/wire/tcp.ts";

/** Who sends. */
export type Side = 0 | 1;
export const CLIENT: Side = 0;
export const SERVER: Side = 1;

/** Bytes before the first record. */
export const PCAP_HEADER_LEN = 24;
/** Where things are in a record of this file's making. */
const RECORD = { timeSec: 0, timeUsec: 4, capLen: 8, origLen: 12, ether: 16, ip: 30, tcp: 50 };
const ETHER_LEN = 14;
const IP_LEN = 20;
const TCP_LEN = 20;
/** NOP, NOP, timestamps. */
const TIMESTAMPS_LEN = 12;
/** NOP, NOP, one block. */
const SACK_LEN = 12;
/** MSS, SACK permitted, timestamps, NOP, window scale. */
const SYN_OPTIONS_LEN = 20;
const MAX_RECORD = 1 << 16;
/** 10.0.0.0: clients count up from here. */
const CLIENT_NET = 0x0a00_0000;
/** 192.168.0.1: the servers. */
const SERVER_NET = 0xc0a8_0001;

/** A connection that is being written: what each side sends next. */
export class Talk {
  readonly clientAddr: number;
  readonly serverAddr: number;
  readonly clientPort: number;
  readonly serverPort: number;
  /** SND.NXT of both sides. */
  readonly next: [number, number];
  /** What both sides have acknowledged of the other. */
  readonly acked: [number, number];

  /** The `client`-th host of 10.0.0.0/8 dials the `server`-th of 192.168.0.1 and up. */
  constructor(client: number, clientPort: number, server = 0, serverPort = 9000) {
    this.clientAddr = CLIENT_NET + client;
    this.serverAddr = SERVER_NET + server;
    this.clientPort = clientPort;
    this.serverPort = serverPort;
    const iss = Math.imul(client * 65_536 + clientPort + server, 0x9e37_79b1) >>> 0;
    this.next = [iss, (iss ^ 0x5bd1_e995) >>> 0];
    this.acked = [this.next[1], this.next[0]];
  }
}

/** Writes segments one after the other, each a while after the one before. */
export class TrafficWriter {
  /** Segments so far. */
  segments = 0;
  /** Microseconds since 2026-01-01. */
  timeUsec = 0;
  /** From one segment to the next. */
  gapUsec = 7;
  readonly #flush: (bytes: Uint8Array) => void;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #snapLen: number;
  #len = 0;

  /** `flush` takes some whole records, in memory that is used again. */
  constructor(flush: (bytes: Uint8Array) => void, snapLen = 128, chunkLen = 1 << 20) {
    this.#flush = flush;
    this.#snapLen = snapLen;
    this.#bytes = new Uint8Array(chunkLen + MAX_RECORD);
    this.#view = new DataView(this.#bytes.buffer);
    this.#fileHeader();
  }

  /** SYN, SYN-ACK, ACK. */
  handshake(t: Talk): void {
    this.flags(t, CLIENT, Flag.SYN);
    this.flags(t, SERVER, Flag.SYN | Flag.ACK);
    this.flags(t, CLIENT, Flag.ACK);
  }

  /** FIN, ACK, FIN, ACK. */
  close(t: Talk, first: Side = CLIENT): void {
    const second = first === CLIENT ? SERVER : CLIENT;
    for (const side of [first, second]) {
      this.flags(t, side, Flag.FIN | Flag.ACK);
      this.flags(t, side === CLIENT ? SERVER : CLIENT, Flag.ACK);
    }
  }

  /** A segment without payload that acknowledges everything. */
  flags(t: Talk, from: Side, flags: number): void {
    t.acked[from] = t.next[1 - from]!;
    this.segment(t, from, flags, t.next[from], 0);
    if ((flags & (Flag.SYN | Flag.FIN)) !== 0) t.next[from] = (t.next[from] + 1) >>> 0;
  }

  /** The next `len` bytes. */
  data(t: Talk, from: Side, len: number): void {
    this.segment(t, from, Flag.ACK | Flag.PSH, t.next[from], len);
    t.next[from] = (t.next[from] + len) >>> 0;
  }

  /** Any segment, acknowledging what `t.acked` says, and selectively `[sackFrom, sackTo)` when not empty. */
  segment(
    t: Talk,
    from: Side,
    flags: number,
    seq: number,
    len: number,
    sackFrom = 0,
    sackTo = 0,
  ): void {
    const v = this.#view;
    const at = this.#len;
    const isSyn = (flags & Flag.SYN) !== 0;
    const hasSack = sackFrom !== sackTo;
    const optionsLen = isSyn ? SYN_OPTIONS_LEN : TIMESTAMPS_LEN + (hasSack ? SACK_LEN : 0);
    const origLen = ETHER_LEN + IP_LEN + TCP_LEN + optionsLen + len;
    const capLen = Math.min(origLen, this.#snapLen);
    this.#record(at, capLen, origLen);
    this.#ip(at + RECORD.ip, t, from, origLen - ETHER_LEN);
    const tcp = at + RECORD.tcp;
    v.setUint16(tcp, from === CLIENT ? t.clientPort : t.serverPort);
    v.setUint16(tcp + 2, from === CLIENT ? t.serverPort : t.clientPort);
    v.setUint32(tcp + 4, seq);
    v.setUint32(tcp + 8, (flags & Flag.ACK) === 0 ? 0 : t.acked[from]);
    v.setUint16(tcp + 12, (((TCP_LEN + optionsLen) / 4) << 12) | flags);
    v.setUint32(tcp + 14, 502 << 16);
    v.setUint16(tcp + 18, 0);
    if (isSyn) this.#synOptions(tcp + TCP_LEN);
    else this.#timestamps(tcp + TCP_LEN);
    if (hasSack) this.#sack(tcp + TCP_LEN + TIMESTAMPS_LEN, sackFrom, sackTo);
    this.#len += RECORD.ether + capLen;
    this.segments++;
    this.timeUsec += this.gapUsec;
    if (this.#len > this.#bytes.length - MAX_RECORD) this.end();
  }

  /** Hands over what is left. */
  end(): void {
    if (this.#len > 0) this.#flush(this.#bytes.subarray(0, this.#len));
    this.#len = 0;
  }

  /** Milliseconds, as Linux counts them. */
  get #tsVal(): number {
    return 1_000_000 + Math.floor(this.timeUsec / 1000);
  }

  #fileHeader(): void {
    const v = this.#view;
    v.setUint32(0, 0xa1b2_c3d4, true);
    v.setUint16(4, 2, true);
    v.setUint16(6, 4, true);
    v.setUint32(16, this.#snapLen, true);
    v.setUint32(20, 1, true);
    this.#len = PCAP_HEADER_LEN;
  }

  #record(at: number, capLen: number, origLen: number): void {
    const v = this.#view;
    setTime(v, at, this.timeUsec);
    v.setUint32(at + RECORD.capLen, capLen, true);
    v.setUint32(at + RECORD.origLen, origLen, true);
    this.#bytes.fill(0, at + RECORD.ether, at + RECORD.ether + capLen);
    v.setUint16(at + RECORD.ether + 12, 0x0800);
  }

  #ip(at: number, t: Talk, from: Side, len: number): void {
    const v = this.#view;
    v.setUint16(at, 0x4500);
    v.setUint16(at + 2, len);
    v.setUint32(at + 4, 0x4000);
    v.setUint16(at + 8, 0x4006);
    v.setUint32(at + 12, from === CLIENT ? t.clientAddr : t.serverAddr);
    v.setUint32(at + 16, from === CLIENT ? t.serverAddr : t.clientAddr);
  }

  #synOptions(at: number): void {
    const v = this.#view;
    v.setUint32(at, 0x0204_05b4);
    v.setUint16(at + 4, 0x0402);
    v.setUint16(at + 6, 0x080a);
    v.setUint32(at + 8, this.#tsVal);
    v.setUint32(at + 12, 0);
    v.setUint32(at + 16, 0x0103_0307);
  }

  #timestamps(at: number): void {
    const v = this.#view;
    v.setUint32(at, 0x0101_080a);
    v.setUint32(at + 4, this.#tsVal);
    v.setUint32(at + 8, this.#tsVal - 1);
  }

  #sack(at: number, from: number, to: number): void {
    const v = this.#view;
    v.setUint32(at, 0x0101_050a);
    v.setUint32(at + 4, from);
    v.setUint32(at + 8, to);
  }
}

/** 2026-01-01, in seconds since 1970. */
const EPOCH_SEC = 1_767_225_600;

function setTime(v: DataView, at: number, timeUsec: number): void {
  const sec = Math.floor(timeUsec / 1e6);
  v.setUint32(at + RECORD.timeSec, EPOCH_SEC + sec, true);
  v.setUint32(at + RECORD.timeUsec, timeUsec - sec * 1e6, true);
}

/** What {@link shiftRecords} adds to each record. */
export interface Shift {
  readonly timeUsec: number;
  /** To both sides' sequence numbers. */
  readonly seq: number;
  /** To the clients' addresses: new connections. */
  readonly client: number;
}

/** Makes the records in `bytes`, all of them whole and from a {@link TrafficWriter}, another part of the same capture. */
export function shiftRecords(bytes: Uint8Array, by: Shift): void {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at < bytes.length;) {
    const timeUsec =
      (v.getUint32(at, true) - EPOCH_SEC) * 1e6 + v.getUint32(at + RECORD.timeUsec, true);
    setTime(v, at, timeUsec + by.timeUsec);
    const isForth = v.getUint8(at + RECORD.ip + 12) === CLIENT_NET >>> 24;
    const clientAt = at + RECORD.ip + (isForth ? 12 : 16);
    v.setUint32(clientAt, v.getUint32(clientAt) + by.client);
    const seqAt = at + RECORD.tcp + 4;
    v.setUint32(seqAt, v.getUint32(seqAt) + by.seq);
    const hasAck = (v.getUint8(at + RECORD.tcp + 13) & Flag.ACK) !== 0;
    if (hasAck) v.setUint32(seqAt + 4, v.getUint32(seqAt + 4) + by.seq);
    at += RECORD.ether + v.getUint32(at + RECORD.capLen, true);
  }
}

/** A number generator with a fixed seed: the same traffic each time (xorshift32). */
export class Dice {
  #state: number;

  constructor(seed = 0x2545_f491) {
    this.#state = seed;
  }

  /** An integer from 0 to `n - 1`. */
  roll(n: number): number {
    let x = this.#state;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    this.#state = x;
    return (x >>> 0) % n;
  }
}
