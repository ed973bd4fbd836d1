/**
 * The short way for packets that come behind packets: where the headers are those of the packet before, but for identification,
 * number and checksums, all that they say is known, and who is to have it. What is read is what `readIp` and `unpackSegment`
 * would read, and nothing is taken whose checksums are wrong; a test holds both together.
 *
 * @module
 */
import { folded } from "../../wire/folded.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import type { IpPacket } from "../ip/read-ip.ts";
import type { TcpSegment } from "../types.ts";
import { HEADER_WORDS, IP_HEADER_LEN, sumOfWords } from "./header-words.ts";
import type { PacketRoom } from "./segment-packet.ts";

/** The headers of what came last, for a connection `T`. Of IPv4 alone. */
export class IncomingTrain<T extends object> {
  /** Who had the last packet. */
  socket: T | null = null;
  readonly #room: PacketRoom;
  readonly #checksums: boolean;
  /** Bytes of that packet. */
  #length = 0;
  #last: TcpSegment | null = null;
  readonly #words = new Int32Array(HEADER_WORDS);
  /** Bytes of the headers; 0: there is no train yet. */
  #headerLen = 0;
  /** Of all words that do not differ, the pseudo-header's in the second. */
  #ipSum = 0;
  #tcpSum = 0;

  constructor(room: PacketRoom, checksums: boolean) {
    this.#room = room;
    this.#checksums = checksums;
  }

  /**
   * The segment in `packet`, which begins at byte `at` of `view` and is for {@link socket}; `null`: it does not simply follow.
   * `isDone`: nobody looks at the one that was given before any more; it may be the same object.
   */
  read(packet: Uint8Array, view: DataView, at: number, isDone: boolean): TcpSegment | null {
    const last = this.#last;
    const headerLen = this.#headerLen;
    if (last === null || headerLen === 0 || packet.length !== this.#length) return null;
    if (!this.#isLike(view, at)) return null;
    const fields = view.getUint16(at + 4) + view.getUint16(at + 10);
    if (folded(this.#ipSum + fields) !== 0xffff) return null;
    const seq = view.getUint32(at + 24);
    const checksum = view.getUint16(at + 36);
    const bodyAt = at + headerLen;
    const end = at + this.#length;
    const before = this.#tcpSum + (seq >>> 16) + (seq & 0xffff) + checksum;
    if (this.#checksums && this.#room.sum16(view, bodyAt, end, before) !== 0xffff) return null;
    const payload = this.#room.bytes(view, bodyAt, end);
    if (isDone) {
      last.seq = seq;
      last.checksum = checksum;
      last.payload = payload;
      return last;
    }
    return {
      srcPort: last.srcPort,
      dstPort: last.dstPort,
      seq,
      ack: last.ack,
      flags: last.flags,
      reserved: last.reserved,
      window: last.window,
      checksum,
      urgent: last.urgent,
      options: last.options,
      payload,
      ecn: last.ecn,
    };
  }

  #isLike(v: DataView, at: number): boolean {
    const words = this.#words;
    let differing =
      (v.getInt32(at) ^ words[0]!) |
      ((v.getInt32(at + 4) ^ words[1]!) & 0xffff) |
      ((v.getInt32(at + 8) ^ words[2]!) & ~0xffff) |
      (v.getInt32(at + 12) ^ words[3]!) |
      (v.getInt32(at + 16) ^ words[4]!) |
      (v.getInt32(at + 20) ^ words[5]!) |
      (v.getInt32(at + 28) ^ words[7]!) |
      (v.getInt32(at + 32) ^ words[8]!) |
      ((v.getInt32(at + 36) ^ words[9]!) & 0xffff);
    for (let i = 10; 4 * i < this.#headerLen; i++) differing |= v.getInt32(at + 4 * i) ^ words[i]!;
    return differing === 0;
  }

  /** `socket` has `segment`, which stood in `ip`: the next one may follow. */
  note(socket: T, { packet, view, base, version, at, end }: IpPacket, segment: TcpSegment): void {
    const { length } = segment.payload;
    if (length === 0) return;
    // Two in a row are enough to expect a third.
    const isPlain = version === 4 && at - base === IP_HEADER_LEN && end - base === packet.length;
    const isTrain = isPlain && socket === this.socket && packet.length === this.#length;
    this.#headerLen = isTrain ? packet.length - length : 0;
    this.#last = isTrain ? segment : null;
    this.socket = socket;
    this.#length = packet.length;
    if (isTrain) this.#keep(view, base);
  }

  #keep(view: DataView, base: number): void {
    const words = this.#words;
    const count = this.#headerLen / 4;
    for (let i = 0; i < count; i++) words[i] = view.getInt32(base + 4 * i);
    words[1]! &= 0xffff;
    words[2]! &= ~0xffff;
    words[6] = 0;
    words[9]! &= 0xffff;
    this.#ipSum = sumOfWords(words, 0, 5);
    this.#tcpSum = sumOfWords(words, 3, count) + IpProtocol.TCP + (this.#length - IP_HEADER_LEN);
  }

  /** `socket` takes nothing any more. */
  forget(socket: T): void {
    if (socket !== this.socket) return;
    this.socket = null;
    this.#last = null;
    this.#headerLen = 0;
  }
}
