/**
 * A link between two namespaces that loses, holds back and doubles exactly
 * the packets it is told to, and captures at both of its ends.
 */
import { openSync, writeSync } from "node:fs";
import { PcapWriter } from "../../src/pcap/pcap-writer.ts";
import { Flag } from "../../src/wire/tcp.ts";
import { parseTcpOptions } from "../../src/wire/tcp-option.ts";
import { libc } from "./libc.ts";

/** LINKTYPE_RAW. */
const RAW = 101;

/** Which packets. Segments with data are counted by first appearance, from 1; copies too. */
export interface Match {
  readonly what: "data" | "syn" | "synack" | "fin" | "ack";
  /** From the client, the sender of the data, unless told. */
  readonly from?: "client" | "server";
  /** Numbers of the segments with data, or of the acknowledgements; all when left out. */
  readonly first?: number;
  readonly last?: number;
  /** Copies of it that are meant: 1 for the first transmission only. All when left out. */
  readonly copies?: number;
  /** Not the first this many copies. */
  readonly after?: number;
}

/** What is done to them. */
export interface Rule extends Match {
  /** `hold` holds one packet back; `stall` it and all that its sender sends after it, in their order. */
  readonly act: "drop" | "hold" | "double" | "stall";
  /** Of `hold` and `stall`: for how long, in milliseconds. */
  readonly ms?: number;
}

/** A packet that passed, as the link saw it. */
export interface Passed {
  /** Frame of the capture at the sender's end. */
  readonly frame: number;
  readonly from: "client" | "server";
  readonly timeNs: number;
  readonly seq: number;
  readonly len: number;
  readonly flags: number;
  /** 1 for the first time that its first byte passed. */
  readonly copy: number;
  /** When it reached the other end; `null`: never. */
  arrivedNs: number | null;
  /** Frame of the capture there; 0: never. */
  farFrame: number;
  readonly ack: number;
  /** Edges of its SACK blocks. */
  readonly sack: readonly number[];
  /** It was held back, so that what was sent later overtook it. */
  readonly isHeld: boolean;
  /** A copy of its first byte went on before. */
  readonly isNeedless: boolean;
}

interface Waiting {
  readonly dueNs: number;
  readonly to: Side;
  readonly bytes: Uint8Array;
  readonly id: number;
  readonly passed: Passed;
}

interface Side {
  readonly name: "client" | "server";
  readonly tun: number;
  readonly capture: Capture;
  readonly seen: Map<number, { number: number; copies: number; forwarded: number }>;
  data: number;
  acks: number;
  /** Nothing that it sends arrives before. */
  stalledNs: number;
}

/** See the module. */
export class Link {
  readonly passed: Passed[] = [];
  /** When it last looked for packets. */
  lookedNs = -Infinity;
  readonly #sides: readonly [Side, Side];
  readonly #rules: readonly Rule[];
  readonly #delayNs: number;
  #waiting: Waiting[] = [];
  readonly #buffer = new Uint8Array(65_536);
  #id = 0;

  /** Captures go to `PATH-client.pcap` and `PATH-server.pcap`. */
  constructor(
    tuns: readonly [number, number],
    rttMs: number,
    rules: readonly Rule[],
    path: string,
  ) {
    this.#delayNs = (rttMs * 1e6) / 2;
    this.#rules = rules;
    const side = (name: "client" | "server", tun: number): Side => ({
      name,
      tun,
      capture: new Capture(`${path}-${name}.pcap`),
      seen: new Map(),
      data: 0,
      acks: 0,
      stalledNs: 0,
    });
    this.#sides = [side("client", tuns[0]), side("server", tuns[1])];
  }

  /** When something waits to go on; Infinity: nothing does. */
  get dueNs(): number {
    return this.#waiting.reduce((least, { dueNs }) => Math.min(least, dueNs), Infinity);
  }

  /** Takes what the kernel sends, and hands on what is due. */
  run(nowNs: () => number): void {
    this.lookedNs = nowNs();
    for (const side of this.#sides) this.#read(side, nowNs);
    const now = nowNs();
    const due = this.#waiting.filter(({ dueNs }) => dueNs <= now);
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter(({ dueNs }) => dueNs > now);
    for (const { to, bytes, passed } of due.toSorted((a, b) => a.dueNs - b.dueNs || a.id - b.id)) {
      passed.arrivedNs = nowNs();
      passed.farFrame = to.capture.packet(bytes, passed.arrivedNs);
      libc.write(to.tun, bytes, bytes.length);
      // What the kernel sends in answer is captured before the next packet gets there.
      this.#read(to, nowNs);
    }
  }

  #read(side: Side, nowNs: () => number): void {
    for (;;) {
      const length = libc.read(side.tun, this.#buffer, this.#buffer.length);
      if (length <= 0) return;
      const bytes = this.#buffer.slice(0, length);
      // IPv4 with TCP only.
      if (bytes[0]! >>> 4 === 4 && bytes[9] === 6) this.#take(side, bytes, nowNs());
    }
  }

  #take(side: Side, bytes: Uint8Array, now: number): void {
    const frame = side.capture.packet(bytes, now);
    const to = this.#sides[side.name === "client" ? 1 : 0];
    const segment = parse(bytes);
    const key = segment.isNumbered ? segment.seq : -1;
    const known = side.seen.get(key) ?? { number: 0, copies: 0, forwarded: 0 };
    if (known.copies === 0 || key === -1) {
      known.number = segment.len > 0 ? ++side.data : key === -1 ? ++side.acks : 0;
    }
    known.copies++;
    side.seen.set(key, known);
    const copy = key === -1 ? 1 : known.copies;
    const rule = this.#rules.find((r) => matches(r, side.name, segment, known.number, copy));
    const ns = (rule?.ms ?? 0) * 1e6;
    const held = rule?.act === "hold" ? ns : 0;
    if (rule?.act === "stall") side.stalledNs = now + ns;
    const dueNs = Math.max(side.stalledNs, now + held) + this.#delayNs;
    const passed: Passed = {
      frame,
      from: side.name,
      timeNs: now,
      seq: segment.seq,
      len: segment.len,
      flags: segment.flags,
      copy: segment.isNumbered ? copy : 0,
      arrivedNs: null,
      farFrame: 0,
      ack: segment.ack,
      sack: segment.sack,
      isHeld: held > 0,
      isNeedless: segment.isNumbered && known.forwarded > 0,
    };
    this.passed.push(passed);
    if (rule?.act === "drop") return;
    known.forwarded++;
    const times = rule?.act === "double" ? 2 : 1;
    for (let i = 0; i < times; i++) {
      this.#waiting.push({ dueNs, to, bytes, id: this.#id++, passed });
    }
  }
}

interface Parsed {
  readonly seq: number;
  readonly ack: number;
  readonly sack: readonly number[];
  readonly len: number;
  readonly flags: number;
  /** It takes sequence numbers. */
  readonly isNumbered: boolean;
}

function parse(bytes: Uint8Array): Parsed {
  const v = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const at = (bytes[0]! & 15) * 4;
  const flags = bytes[at + 13]!;
  const len = v.getUint16(2) - at - (bytes[at + 12]! >>> 4) * 4;
  const isNumbered = len > 0 || (flags & (Flag.SYN | Flag.FIN)) !== 0;
  const options = parseTcpOptions(v, at + 20, at + (bytes[at + 12]! >>> 4) * 4);
  const sack = options.flatMap((o) =>
    o.kind === "sack" ? o.blocks.flatMap(({ left, right }) => [left, right]) : [],
  );
  return { seq: v.getUint32(at + 4), ack: v.getUint32(at + 8), sack, len, flags, isNumbered };
}

function matches(r: Rule, from: string, s: Parsed, number: number, copy: number): boolean {
  if ((r.from ?? "client") !== from || kindOf(s) !== r.what) return false;
  if (copy > (r.copies ?? Infinity) + (r.after ?? 0) || copy <= (r.after ?? 0)) return false;
  return number >= (r.first ?? 0) && number <= (r.last ?? r.first ?? Infinity);
}

function kindOf({ flags, len }: Parsed): Match["what"] {
  if ((flags & Flag.SYN) !== 0) return (flags & Flag.ACK) === 0 ? "syn" : "synack";
  if (len > 0) return "data";
  return (flags & Flag.FIN) === 0 ? "ack" : "fin";
}

/** A pcap file that grows. */
class Capture {
  readonly #fd: number;
  readonly #writer = new PcapWriter({ linkType: RAW });
  #frames = 0;

  constructor(path: string) {
    this.#fd = openSync(path, "w");
    writeSync(this.#fd, this.#writer.header());
  }

  /** Its frame number. */
  packet(bytes: Uint8Array, timeNs: number): number {
    const packet = {
      sec: Math.floor(timeNs / 1e9),
      nsec: timeNs % 1e9,
      view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length),
      at: 0,
      capLen: bytes.length,
      origLen: bytes.length,
    };
    writeSync(this.#fd, this.#writer.packet(packet));
    return ++this.#frames;
  }
}
