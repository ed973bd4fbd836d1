/**
 * What the format readers share: the sink, the one packet record, the count
 * of frames, and warnings that do not repeat themselves.
 *
 * @module
 */
import type { CaptureInterface, CaptureSink, PacketRecord } from "./sink.ts";

const NO_BYTES = new DataView(new ArrayBuffer(0));

/** The comments of a packet that has none. */
export const NO_COMMENTS: readonly string[] = [];

/** The reused record; only readers write to it. */
export class ReusedPacket implements PacketRecord {
  frame = 0;
  iface = 0;
  linkType = 0;
  sec = 0;
  nsec = 0;
  view: DataView = NO_BYTES;
  at = 0;
  capLen = 0;
  origLen = 0;
  flags = 0;
  gsoSize = 0;
  comments: readonly string[] = NO_COMMENTS;
  offset = 0;
  headLen = 0;
}

/** Each kind of warning is said when it is first met, and counted from then on. */
export type WarningKind =
  | "not-a-capture"
  | "cut"
  | "bad-length"
  | "bad-block"
  | "bad-option"
  | "bad-time"
  | "bad-events"
  | "later-events"
  | "bad-section-length"
  | "no-interface"
  | "over-snaplen"
  | "over-original"
  | "no-bytes"
  | "version"
  | "joined"
  | "compressed"
  | "too-much";

interface Repeats {
  count: number;
  readonly firstOffset: number;
}

/** Where a reader hands things over. */
export class Handover {
  readonly sink: CaptureSink;
  readonly packet: ReusedPacket = new ReusedPacket();
  /** Frames counted so far, packets and whatever else Wireshark numbers. */
  frame = 0;
  /** Interfaces announced, over all sections. */
  interfaces = 0;
  /** Nothing more will be read. */
  done = false;
  readonly #said = new Map<WarningKind, Repeats>();

  constructor(sink: CaptureSink) {
    this.sink = sink;
  }

  /** Reading goes on. The first of its kind is handed over at once, the others as one number by {@link finish}. */
  warn(kind: WarningKind, offset: number, message: string): void {
    const said = this.#said.get(kind);
    if (said !== undefined) {
      said.count++;
      return;
    }
    this.#said.set(kind, { count: 1, firstOffset: offset });
    this.sink.onWarning?.({ offset, frame: this.frame, message, fatal: false });
  }

  /** Announces the next interface, and counts it whether anybody listens or not. */
  announce(iface: CaptureInterface): void {
    const index = this.interfaces++;
    this.sink.onInterface?.(iface, index);
  }

  /** Says that another file begins here; its frames are numbered on. */
  warnJoined(offset: number, what: string): void {
    const message = `another ${what} begins here: files were joined end to end`;
    this.warn("joined", offset, message);
  }

  /** Warns of lengths of {@link packet} that cannot be right; it is handed over all the same. */
  warnOddLengths(snapLen: number): void {
    const { capLen, origLen, offset } = this.packet;
    if (capLen > origLen) {
      const message = `record has ${capLen} bytes captured of ${origLen} on the wire`;
      this.warn("over-original", offset, message);
    }
    if (snapLen !== 0 && capLen > snapLen) {
      const message = `record has ${capLen} bytes, more than the snapshot length ${snapLen}`;
      this.warn("over-snaplen", offset, message);
    }
    if (capLen === 0) this.warn("no-bytes", offset, "record without a byte");
  }

  /** Reading ends here. */
  fail(offset: number, message: string): void {
    if (this.done) return;
    this.done = true;
    this.sink.onWarning?.({ offset, frame: this.frame, message, fatal: true });
  }

  /** Says how often each kind of warning was met after the first. */
  finish(): void {
    for (const [kind, { count, firstOffset }] of this.#said) {
      if (count === 1) continue;
      const message = `${count - 1} more like the one at offset ${firstOffset}: ${REPEATED[kind]}`;
      this.sink.onWarning?.({ offset: firstOffset, frame: this.frame, message, fatal: false });
    }
    this.#said.clear();
  }
}

const REPEATED: Readonly<Record<WarningKind, string>> = {
  "not-a-capture": "not a capture",
  cut: "cut short",
  "bad-length": "length out of range",
  "bad-block": "damaged blocks",
  "bad-option": "damaged options",
  "bad-time": "time stamps out of range",
  "bad-events": "damaged events",
  "later-events": "events of a later version",
  "bad-section-length": "wrong section lengths",
  "no-interface": "interfaces that do not exist",
  "over-snaplen": "records longer than the snapshot length",
  "over-original": "records with more bytes captured than were on the wire",
  "no-bytes": "records without a byte",
  version: "unusual versions",
  joined: "files joined end to end",
  compressed: "damaged compression",
  "too-much": "limits met",
};
