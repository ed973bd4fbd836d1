/**
 * What the tests run on: the kernel of one namespace at one end of an emulated
 * link, and at the other our stack, or the kernel of a second namespace.
 *
 * ```
 *   kernel 10.77.0.1 ── TUN ── near ──[ link ]── far ── our stack 10.77.0.2
 *                                                    or TUN ── kernel 10.77.0.2
 * ```
 */
import { bridged } from "../../src/stack/device/bridge.ts";
import type { Device } from "../../src/stack/device/device.ts";
import { traced } from "../../src/stack/device/tracer.ts";
import { Host } from "../../src/stack/host/host.ts";
import { Link, type LinkOptions } from "../../src/stack/link/link.ts";
import { linux, type Profile } from "../../src/stack/tcp/profile.ts";
import type { Probe, SocketOptions, TcpEndpoint } from "../../src/stack/types.ts";
import { StackNetwork } from "../../src/net/stack-network.ts";
import type { Network } from "../../src/net/types.ts";
import { TunDevice } from "../../src/node/tun/device.ts";
import { openTunFile, setUpInterface } from "../../src/node/tun/interface.ts";
import { Pump } from "../../src/node/tun/pump.ts";
import { NetSpace } from "../kernel/net-space.ts";
import { Capture } from "./capture.ts";
import { KernelNetwork } from "./kernel-network.ts";
import type { SocketSettings } from "./socket-options.ts";

export const KERNEL_IP = "10.77.0.1";
export const FAR_IP = "10.77.0.2";
const MTU = 1500;

/** How a rig is made. */
export interface RigOptions {
  /** Who is at the far end. */
  readonly far: "stack" | "kernel";
  /** From near to far; the same back. */
  readonly link?: LinkOptions;
  /** Of the stack. */
  readonly profile?: Partial<Profile>;
  readonly options?: Partial<SocketOptions>;
  /** Of the kernel's sockets, those at the far end too. */
  readonly kernel?: SocketSettings;
  /** Of the kernel at the far end only. */
  readonly farKernel?: SocketSettings;
  /** Keep the packets. */
  readonly captures?: boolean;
}

/** See the module. */
export class Rig implements AsyncDisposable {
  readonly pump = new Pump();
  readonly space: NetSpace;
  readonly kernel: KernelNetwork;
  readonly far: Network;
  /** `null`: a kernel is at the far end. */
  readonly host: Host | null = null;
  readonly link: Link;
  /** What passed at each end: the segment that left, as it left. */
  readonly nearCapture = new Capture("near");
  readonly farCapture = new Capture("far");
  /** The stack's connections, in the order in which something was decided about them. */
  readonly endpoints = new Set<TcpEndpoint>();
  /** Nothing passes any more, either way. */
  isCut = false;
  readonly #networks: KernelNetwork[] = [];
  readonly #tuns: TunDevice[] = [];
  readonly #spaces: NetSpace[] = [];

  constructor(options: RigOptions) {
    this.link = new Link({ deviceMtu: MTU, ...options.link });
    this.space = this.#kernelAt(KERNEL_IP, this.link.b, this.#seen(this.nearCapture, options));
    this.kernel = this.#network(this.space, options.kernel);
    if (options.far === "kernel") {
      const space = this.#kernelAt(FAR_IP, this.link.a, this.#seen(this.farCapture, options));
      this.far = this.#network(space, { ...options.kernel, ...options.farKernel });
      return;
    }
    const device = this.#seen(this.farCapture, options)(this.#cuttable(this.link.a));
    const profile = { ...linux, ...options.profile };
    const probe: Probe = { onDecision: (_, endpoint) => this.endpoints.add(endpoint) };
    const init = { addresses: [FAR_IP], device, profile, options: options.options, probe };
    this.host = this.pump.add(new Host(init));
    this.far = new StackNetwork({
      host: this.host,
      clock: this.pump,
      nowNs: () => this.pump.nowNs(),
      wake: () => this.pump.wake(),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => this.pump.stop(resolve));
    for (const network of this.#networks) network.close();
    for (const tun of this.#tuns) tun.close();
    for (const space of this.#spaces) space.close();
  }

  #network(space: NetSpace, settings: SocketSettings = {}): KernelNetwork {
    const network = new KernelNetwork(space, this.pump, settings);
    this.#networks.push(network);
    return network;
  }

  #cuttable(device: Device): Device {
    return {
      mtu: device.mtu,
      send: (packet, nowNs) => this.isCut || device.send(packet, nowNs),
      poll: (nowNs) => {
        const packet = device.poll(nowNs);
        return this.isCut ? null : packet;
      },
      pollAt: () => device.pollAt(),
    };
  }

  /** Waits until `isTrue`; the test's own limit bounds it. */
  async until(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise<void>((resolve) => this.pump.after(5, resolve));
  }

  #seen(capture: Capture, { captures = false }: RigOptions): (device: Device) => Device {
    return (device) => (captures ? traced(device, capture.sink) : device);
  }

  #kernelAt(ip: string, end: Device, seen: (device: Device) => Device): NetSpace {
    const space = new NetSpace({ tcp_no_metrics_save: 1, tcp_ecn: 0 });
    this.#spaces.push(space);
    const tun = space.inside(() => {
      const file = openTunFile("tun0");
      setUpInterface(file.name, MTU, [
        { bytes: Uint8Array.from(ip.split("."), Number), prefix: 24 },
      ]);
      return new TunDevice(file, MTU);
    });
    this.#tuns.push(this.pump.watch(tun));
    this.pump.add(bridged(seen(tun), end));
    return space;
  }
}
