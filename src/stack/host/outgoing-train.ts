/**
 * The short way for packets behind packets: of a train of full segments each has the headers of the one before,
 * but for its identification, its number and the two checksums. What is written is what `packSegment` would
 * write; a test holds both together. To write all fields of every packet took a fifth of the time of a bulk transfer.
 *
 * @module
 */
import { folded } from "../../wire/folded.ts";
import { IpProtocol } from "../../wire/protocol.ts";
import type { TcpSegment } from "../types.ts";
import { HEADER_WORDS, sumOfWords } from "./header-words.ts";
import type { PacketRoom, SegmentRoute } from "./segment-packet.ts";

/** The headers of what was sent last. Of IPv4 alone. */
export class OutgoingTrain {
  readonly #room: PacketRoom;
  #route: SegmentRoute | null = null;
  /** With the bytes of a later one, maybe (`TcpEndpoint.poll`). */
  #last: TcpSegment | null = null;
  #payloadLen = 0;
  /** Of the headers, without what differs. */
  readonly #words = new Int32Array(HEADER_WORDS);
  /** Bytes of the headers; 0: there is no train yet. */
  #headerLen = 0;
  /** Of all words that do not differ, the pseudo-header's in the second. */
  #ipSum = 0;
  #tcpSum = 0;

  constructor(room: PacketRoom) {
    this.#room = room;
  }

  /** The packet with `segment` in it; `null`: it does not simply follow. */
  pack(segment: TcpSegment, route: SegmentRoute): Uint8Array | null {
    const headerLen = this.#headerLen;
    if (headerLen === 0 || !this.#isLike(segment, route)) return null;
    const { seq, payload } = segment;
    const { id } = route;
    const length = headerLen + payload.length;
    const packet = this.#room.take(length);
    const { view, at } = this.#room;
    const words = this.#words;
    for (let i = 0; 4 * i < headerLen; i++) view.setInt32(at + 4 * i, words[i]!);
    view.setUint16(at + 4, id);
    view.setUint16(at + 10, ~folded(this.#ipSum + id));
    view.setUint32(at + 24, seq);
    packet.set(payload, headerLen);
    if (!route.checksums) return packet;
    const before = this.#tcpSum + (seq >>> 16) + (seq & 0xffff);
    view.setUint16(at + 36, ~this.#room.sum16(view, at + headerLen, at + length, before));
    return packet;
  }

  /** The last packet that the room gave has `segment` in it: the next one may follow. */
  note(segment: TcpSegment, route: SegmentRoute, packet: Uint8Array): void {
    const { length } = segment.payload;
    if (length === 0) return;
    // Two in a row are enough to expect a third.
    const isTrain = route.local.length === 4 && this.#isLike(segment, route);
    this.#headerLen = isTrain ? packet.length - length : 0;
    this.#last = segment;
    this.#payloadLen = length;
    this.#route = route;
    if (isTrain) this.#keep(packet.length, route.checksums);
  }

  #keep(length: number, checksums: boolean): void {
    const { view, at } = this.#room;
    const words = this.#words;
    const count = this.#headerLen / 4;
    for (let i = 0; i < count; i++) words[i] = view.getInt32(at + 4 * i);
    words[1]! &= 0xffff;
    words[2]! &= ~0xffff;
    words[6] = 0;
    if (checksums) words[9]! &= 0xffff;
    this.#ipSum = sumOfWords(words, 0, 5);
    this.#tcpSum = sumOfWords(words, 3, count) + IpProtocol.TCP + (length - 20);
  }

  #isLike(segment: TcpSegment, route: SegmentRoute): boolean {
    const last = this.#last;
    const before = this.#route;
    if (last === null || before === null) return false;
    if (route.local !== before.local || route.remote !== before.remote) return false;
    if (route.dscp !== before.dscp || route.hopLimit !== before.hopLimit) return false;
    if (route.checksums !== before.checksums) return false;
    return (
      segment.payload.length === this.#payloadLen &&
      segment.ack === last.ack &&
      segment.window === last.window &&
      segment.flags === last.flags &&
      segment.options === last.options &&
      segment.srcPort === last.srcPort &&
      segment.dstPort === last.dstPort &&
      segment.ecn === last.ecn &&
      segment.urgent === last.urgent &&
      segment.reserved === last.reserved &&
      segment.checksum === last.checksum
    );
  }
}
