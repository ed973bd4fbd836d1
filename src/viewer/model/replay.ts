/**
 * Packets of a trace handed over again, for what needs them one by one: filters, reasons.
 *
 * @module
 */
import { emptyPacket, type PacketRecord } from "../../pcap/sink.ts";
import type { Row } from "../../trace/table.ts";
import type { Trace } from "../../trace/trace.ts";

const NS = 1_000_000_000n;
const NO_COMMENTS: readonly string[] = [];

/** One packet at a time, in one record that is reused. */
export class Replay {
  readonly #trace: Trace;
  readonly #packet = emptyPacket();
  readonly #sec: number;
  readonly #nsec: number;

  constructor(trace: Trace) {
    this.#trace = trace;
    // Rounded down, times before 1970 too.
    const nsec = ((trace.epoch % NS) + NS) % NS;
    this.#nsec = Number(nsec);
    this.#sec = Number((trace.epoch - nsec) / NS);
  }

  /** The packet in `row` as it was read; bytes that were not kept are missing. */
  packet(row: Row): PacketRecord {
    const trace = this.#trace;
    const c = trace.packets.columns;
    const p = this.#packet;
    const ns = c.time[row]! + this.#nsec;
    const sec = Math.floor(ns / 1e9);
    const { view, at } = trace.viewOf(row);
    p.frame = c.frame[row]!;
    p.iface = c.iface[row]!;
    p.linkType = c.linkType[row]!;
    p.sec = this.#sec + sec;
    p.nsec = ns - sec * 1e9;
    p.view = view;
    p.at = at;
    p.capLen = c.capLen[row]!;
    p.origLen = c.origLen[row]!;
    p.flags = c.flags[row]!;
    p.gsoSize = c.gsoSize[row]!;
    p.comments = trace.comments.get(row) ?? NO_COMMENTS;
    p.offset = c.offset[row]!;
    return p;
  }
}
