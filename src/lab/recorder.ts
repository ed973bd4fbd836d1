/**
 * Makes the recording of a run: packets and events, in the order of the
 * run's clock, as a pcapng file.
 *
 * @module
 */
import { concat, viewOf } from "../base/bytes.ts";
import type { CallEvent, RecordedEvent } from "../pcap/event.ts";
import { PcapngWriter } from "../pcap/pcapng-writer.ts";
import { EpbFlag } from "../pcap/sink.ts";
import { LinkType } from "../wire/linktype.ts";

/** 2026-01-01 00:00:00 UTC, at which every run begins: the same run is the same file. */
export const LAB_EPOCH_SEC = 1_767_225_600;

const NS = 1e9;

/** A time of the run as nanoseconds since 1970. */
export const toWallNs = (nowNs: number): bigint =>
  BigInt(LAB_EPOCH_SEC) * BigInt(NS) + BigInt(Math.floor(nowNs));

/** Collects the recording of what passes at one place. */
export class Recorder {
  readonly #writer = new PcapngWriter({ application: "seqack lab", os: "seqack stack" });
  readonly #parts: Uint8Array[] = [];
  #events: RecordedEvent[] = [];
  /** Packets written. */
  packets = 0;
  /** Time of the newest packet, in nanoseconds of the run. */
  lastNs = 0;

  /** `name` is the interface where packets are seen. */
  constructor(name: string) {
    this.#parts.push(this.#writer.section());
    this.#parts.push(this.#writer.iface({ linkType: LinkType.RAW, name }));
    this.#events.push({ kind: "clock", source: "virtual", errorNs: 0 });
  }

  /** An IP packet passes. */
  packet(direction: "in" | "out", packet: Uint8Array, nowNs: number): void {
    // What is known of a packet stands before it, for those who read in order.
    this.#flush();
    const sec = Math.floor(nowNs / NS);
    this.#parts.push(
      this.#writer.packet({
        sec: LAB_EPOCH_SEC + sec,
        nsec: Math.floor(nowNs) - sec * NS,
        view: viewOf(packet),
        at: 0,
        capLen: packet.length,
        origLen: packet.length,
        flags: direction === "in" ? EpbFlag.INBOUND : EpbFlag.OUTBOUND,
      }),
    );
    this.packets++;
    this.lastNs = nowNs;
  }

  event(event: RecordedEvent): void {
    this.#events.push(event);
  }

  /** The file; `calls` are those of the whole run. */
  finish(calls: readonly CallEvent[]): Uint8Array<ArrayBuffer> {
    this.#flush();
    this.#parts.push(this.#writer.events(calls));
    return concat(...this.#parts);
  }

  #flush(): void {
    if (this.#events.length === 0) return;
    this.#parts.push(this.#writer.events(this.#events));
    this.#events = [];
  }
}
