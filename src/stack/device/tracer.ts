/**
 * A device that shows what passes through it: how a recording is made of a
 * host or a link.
 *
 * ```ts
 * const device = traced(link.a, (direction, packet, nowNs) => lines.push(`${nowNs} ${direction}`));
 * ```
 *
 * @module
 */
import type { Device } from "./device.ts";

/**
 * Gets each packet: `out` when the host hands it down, `in` when it comes up. The packet is not
 * the sink's to change, but may be kept.
 */
export type PacketSink = (direction: "in" | "out", packet: Uint8Array, nowNs: number) => void;

/** `device`, with `sink` looking on. */
export function traced(device: Device, sink: PacketSink): Device {
  return {
    mtu: device.mtu,
    send(packet, nowNs) {
      sink("out", packet, nowNs);
      device.send(packet, nowNs);
    },
    poll(nowNs) {
      const packet = device.poll(nowNs);
      if (packet !== null) sink("in", packet, nowNs);
      return packet;
    },
    pollAt: () => device.pollAt(),
  };
}
