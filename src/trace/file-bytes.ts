/**
 * Packet bytes that stay in their file, and are read a second time when they are asked for: of a
 * capture of 250 MB nothing is kept but where its packets are.
 *
 * @module
 */
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

/** See the module. */
export class FileBytes {
  readonly #read: ReadAgain;
  readonly #windows = new Map<number, DataView>();
  /** A window reaches so far into the next one, so that each packet is whole where it begins. */
  #longest = 0;

  constructor(read: ReadAgain) {
    this.#read = read;
  }

  /** There is a packet of `length` bytes. */
  note(length: number): void {
    if (length > this.#longest) this.#longest = length;
  }

  /** A view that has the packet at `offset` of the file at its `at`. It stays, also when it is not kept here. */
  find(offset: number): { readonly view: DataView; readonly at: number } {
    return { view: this.#view(Math.floor(offset / WINDOW)), at: offset % WINDOW };
  }

  #view(chunk: number): DataView {
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
