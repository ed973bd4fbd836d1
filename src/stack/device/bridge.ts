/**
 * Joins two devices: what comes out of one goes into the other.
 *
 * ```ts ignore
 * pump.add(bridged(tun, link.b)); // the kernel at one end of an emulated link
 * ```
 *
 * @module
 */
import type { Driven } from "../simulation.ts";
import type { Device } from "./device.ts";

/** `a` and `b`, joined for as long as somebody drives it. */
export function bridged(a: Device, b: Device): Driven {
  return {
    poll(nowNs) {
      for (let p = a.poll(nowNs); p !== null; p = a.poll(nowNs)) b.send(p, nowNs);
      for (let p = b.poll(nowNs); p !== null; p = b.poll(nowNs)) a.send(p, nowNs);
    },
    pollAt: () => Math.min(a.pollAt(), b.pollAt()),
  };
}
