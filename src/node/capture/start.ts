/**
 * Live capture: packets of an interface, as they pass, into a sink.
 *
 * ```ts ignore
 * const capture = await startCapture({ interface: "lo", filter: "tcp port 8080", sink });
 * // every packet from now on is seen
 * const { captured, dropped } = await capture.stop(); // every packet until now was handed over
 * ```
 *
 * @module
 */
import { startLinuxCapture } from "./linux.ts";
import type { CaptureOptions, LiveCapture } from "./live.ts";
import { startTcpdumpCapture } from "./tcpdump.ts";

/**
 * Starts capturing. Resolves when every packet from now on is seen.
 *
 * @throws {CaptureError} when it cannot.
 */
export function startCapture(options: CaptureOptions): Promise<LiveCapture> {
  return process.platform === "linux" ? startLinuxCapture(options) : startTcpdumpCapture(options);
}
