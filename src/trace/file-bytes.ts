/**
 * Packet bytes that stay in their file, and are read a second time when they are asked for: of a
 * capture of 250 MB nothing is kept but where its packets are.
 *
 * @module
 */
import type { PacketRecord } from "../pcap/sink.ts";
import type { Place } from "./bytestore.ts";

/**
 * Bytes `[from, to)` of a file, at once; fewer when it has become shorter.
 *
 * @throws when it cannot be read any more.
 */
export type ReadAgain = (from: number, to: number) => Uint8Array;

/** Bytes read at a time: whoever wants one packet will want its neighbours. */
const WINDOW = 1 << 20;

/** Windows that are kept; those used longest ago go. */
const MAX_WINDOWS = 8;

/** See the module. A place is a window of the file and where in it. */
export class FileBytes {
  readonly #read: ReadAgain;
  readonly #windows = new Map<number, DataView>();
  /** A window reaches so far into the next one, so that each packet is whole where it begins. */
  #longest = 0;

  constructor(read: ReadAgain) {
    this.#read = read;
  }

  /** Notes where the packet is. */
  note(p: PacketRecord, place: Place): void {
    const from = p.offset + p.headLen;
    place.chunk = Math.floor(from / WINDOW);
    place.at = from % WINDOW;
    if (p.capLen > this.#longest) this.#longest = p.capLen;
  }

  /** The window with that number. It stays as it is, also when it is no longer kept here. */
  view(chunk: number): DataView {
    const length = WINDOW + this.#longest;
    const kept = this.#windows.get(chunk);
    if (kept !== undefined && kept.byteLength >= length) {
      // What was used last goes last.
      this.#windows.delete(chunk);
      this.#windows.set(chunk, kept);
      return kept;
    }
    const view = this.#fetch(chunk * WINDOW, length);
    this.#windows.set(chunk, view);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > MAX_WINDOWS && oldest !== undefined) this.#windows.delete(oldest);
    return view;
  }

  /** Behind the end of the file there are zeros: no offset of a packet can be wrong. */
  #fetch(from: number, length: number): DataView {
    const bytes = this.#read(from, from + length);
    if (bytes.length === length) return new DataView(bytes.buffer, bytes.byteOffset, length);
    const whole = new Uint8Array(length);
    whole.set(bytes.subarray(0, length));
    return new DataView(whole.buffer);
  }
}
