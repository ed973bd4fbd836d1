/**
 * What only Node can do: kernel sockets, live capture, the packets' clock,
 * captures in files, our TCP stack beside the kernel.
 *
 * @module
 */
export { captureAbility, listAbilities, type NamedAbility } from "./abilities.ts";
export { CaptureError, type CaptureErrorCode } from "./capture/error.ts";
export type { CaptureEnd, CaptureOptions, LiveCapture } from "./capture/live.ts";
export { startCapture } from "./capture/start.ts";
export { measureClock, realtimeNs } from "./clock.ts";
export { CALL_CHANNELS, recordCalls, type CallRecorder } from "./diagnostics.ts";
export { readCapture, type ReadCaptureOptions, type ReadOutcome } from "./input.ts";
export { InputError, type InputErrorCode } from "./input-error.ts";
export { listInterfaces, type NetworkInterface } from "./interfaces.ts";
export { connect, dial, kernelNetwork, listen, type KernelOptions } from "./net.ts";
export { openOutput, type CaptureOutput, type OutputOptions } from "./output.ts";
export { TunError, type TunErrorCode } from "./tun/error.ts";
export { openTun, type Tun, type TunOptions } from "./tun/open.ts";
export { OutputError, type OutputErrorCode } from "./output-error.ts";
