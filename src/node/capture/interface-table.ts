/**
 * The interfaces of a capture, in the order in which the sink hears of them.
 *
 * @module
 */
import { release, type } from "node:os";
import type { CaptureInterface, CaptureSink } from "../../pcap/sink.ts";
import { LinkType } from "../../wire/linktype.ts";
import { interfaceName } from "../interfaces.ts";
import { linkTypeOfDevice, MAX_HEADERS_LEN, type SnapLen } from "./kernel-filter.ts";

const NS_PER_SECOND = 1_000_000_000;

type InterfaceSink = Pick<CaptureSink, "onInterface">;

/** Gives each interface a number from 0 and tells the sink, once, before its first packet. */
export class InterfaceTable {
  readonly all: CaptureInterface[] = [];
  readonly #sink: InterfaceSink;
  readonly #snapLen: number;
  readonly #filter: string | null;
  readonly #known = new Map<number, { readonly iface: number; readonly linkType: number }>();

  constructor(sink: InterfaceSink, snapLen: SnapLen | undefined, filter: string | undefined) {
    this.#sink = sink;
    this.#snapLen = snapLen === "headers" ? MAX_HEADERS_LEN : (snapLen ?? 0);
    this.#filter = filter === undefined || filter === "" ? null : filter;
  }

  /** The interface with the kernel's number `ifindex`; a new one is looked up. */
  of(ifindex: number, arphrd: number): { readonly iface: number; readonly linkType: number } {
    return this.#known.get(ifindex) ?? this.add(ifindex, interfaceName(ifindex), arphrd);
  }

  /** @param arphrd ARPHRD_ value of the device. */
  add(
    ifindex: number,
    name: string,
    arphrd: number,
  ): { readonly iface: number; readonly linkType: number } {
    const entry = { iface: this.all.length, linkType: linkTypeOfDevice(arphrd) ?? LinkType.RAW };
    const described: CaptureInterface = {
      linkType: entry.linkType,
      snapLen: this.#snapLen,
      name,
      description: null,
      filter: this.#filter,
      os: `${type()} ${release()}`,
      ticksPerSecond: NS_PER_SECOND,
    };
    this.#known.set(ifindex, entry);
    this.all.push(described);
    this.#sink.onInterface?.(described, entry.iface);
    return entry;
  }
}
