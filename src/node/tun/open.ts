/**
 * Our own TCP stack as a neighbour of this machine's kernel: a host behind a
 * TUN interface, which every program here can talk to, and which can talk to
 * them. Linux only; as root, or in a user namespace (`unshare -r -n`).
 *
 * ```ts ignore
 * const tun = openTun({ address: "10.77.0.1/24", stackAddress: "10.77.0.2", link: { delayNs: 20e6 } });
 * const listener = await tun.network.listen("10.77.0.2:8080"); // nc 10.77.0.2 8080
 * // …
 * await tun.close();
 * ```
 *
 * @module
 */
import { randomBytes } from "node:crypto";
import { bridged } from "../../stack/device/bridge.ts";
import { traced, type PacketSink } from "../../stack/device/tracer.ts";
import { Host } from "../../stack/host/host.ts";
import type { ConnectionOptions } from "../../stack/host/host-options.ts";
import { parseIpAddress } from "../../stack/ip/ip-address.ts";
import { Link, type LinkOptions } from "../../stack/link/link.ts";
import { linux, type Profile } from "../../stack/tcp/profile.ts";
import { StackNetwork } from "../../net/stack-network.ts";
import type { Network } from "../../net/types.ts";
import { TunDevice } from "./device.ts";
import { openTunFile, setUpInterface, type InterfaceAddress } from "./interface.ts";
import { Pump } from "./pump.ts";

/** What {@link openTun} takes. */
export interface TunOptions extends ConnectionOptions {
  /** Of the kernel's end, with the length of its network's prefix: `"10.77.0.1/24"`. More than one: one of each version. */
  readonly address: string | readonly string[];
  /** Of the stack's end, in the same network. */
  readonly stackAddress: string | readonly string[];
  /** Of the interface; `%d` is the first free number. `"seqack%d"` unless told. */
  readonly name?: string | undefined;
  /** Bytes of the longest IP packet; 1500 unless told. */
  readonly mtu?: number | undefined;
  /** `linux` unless told. */
  readonly profile?: Profile | undefined;
  /** What lies between the stack (end a) and the kernel (end b); nothing unless told. */
  readonly link?: LinkOptions | undefined;
  /** Sees the packets at the kernel's end: `in` is what the kernel sent. */
  readonly onPacket?: PacketSink | undefined;
}

/** A host of our stack beside the kernel. */
export interface Tun extends AsyncDisposable {
  /** Of the interface. */
  readonly name: string;
  readonly host: Host;
  /** `listen` and `dial` of the stack. */
  readonly network: Network;
  /** Nanoseconds of the host's clock. */
  nowNs(): number;
  /** After a call of {@link host} or one of its sockets. */
  wake(): void;
  /** Takes the interface away; connections that are open hear nothing of it. Idempotent. */
  close(): Promise<void>;
}

const DEFAULT_MTU = 1500;
/** Of an IPv6 link (RFC 8200 §5), and enough for IPv4. */
const MIN_MTU = 576;
const MAX_MTU = 65_535;
const SECRET_LEN = 16;

/**
 * Makes a TUN interface and a host of our stack behind it.
 *
 * @throws {TunError} when this system or this user cannot.
 * @throws {SyntaxError} when an address is none.
 * @throws {RangeError} when a prefix or the MTU cannot be.
 */
export function openTun(options: TunOptions): Tun {
  const { name = "seqack%d", mtu = DEFAULT_MTU } = options;
  if (!Number.isInteger(mtu) || mtu < MIN_MTU || mtu > MAX_MTU)
    throw new RangeError(
      `Cannot open a TUN device with an MTU of ${mtu}: it must be ${MIN_MTU} to ${MAX_MTU}`,
    );
  const addresses = listOf(options.address).map(parseInterfaceAddress);
  const ours = listOf(options.stackAddress);
  for (const address of ours) parseIpAddress(address);
  const file = openTunFile(name);
  const device = new TunDevice(file, mtu);
  try {
    setUpInterface(file.name, mtu, addresses);
    return new StackBesideKernel(options, file.name, device, ours);
  } catch (e) {
    device.close();
    throw e;
  }
}

class StackBesideKernel implements Tun {
  readonly name: string;
  readonly host: Host;
  readonly network: Network;
  readonly #pump: Pump;
  readonly #device: TunDevice;
  #closing: Promise<void> | null = null;

  constructor(options: TunOptions, name: string, tun: TunDevice, addresses: readonly string[]) {
    this.name = name;
    this.#pump = new Pump();
    this.#device = this.#pump.watch(tun);
    const { profile = linux, onPacket } = options;
    const seen = onPacket === undefined ? tun : traced(tun, onPacket);
    const { options: socket, congestion, probe } = options;
    const device = options.link === undefined ? seen : this.#link(seen, options.link);
    const secret = new Uint8Array(randomBytes(SECRET_LEN));
    const host = { addresses, device, profile, secret, options: socket, congestion, probe };
    this.host = this.#pump.add(new Host(host));
    this.network = new StackNetwork({
      host: this.host,
      clock: this.#pump,
      nowNs: () => this.#pump.nowNs(),
      wake: () => this.#pump.wake(),
    });
  }

  nowNs(): number {
    return this.#pump.nowNs();
  }

  wake(): void {
    this.#pump.wake();
  }

  close(): Promise<void> {
    this.#closing ??= new Promise((resolve) => {
      this.#pump.stop(() => {
        this.#device.close();
        resolve();
      });
    });
    return this.#closing;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #link(tun: ReturnType<typeof traced>, options: LinkOptions): Link["a"] {
    const link = new Link({ deviceMtu: tun.mtu, ...options });
    this.#pump.add(bridged(tun, link.b));
    return link.a;
  }
}

function listOf(one: string | readonly string[]): readonly string[] {
  return typeof one === "string" ? [one] : one;
}

function parseInterfaceAddress(text: string): InterfaceAddress {
  const [address = "", length = ""] = text.split("/");
  const bytes = parseIpAddress(address);
  const prefix = /^\d+$/.test(length) ? Number(length) : -1;
  if (prefix < 0 || prefix > bytes.length * 8)
    throw new RangeError(
      `Cannot use "${text}" as an interface's address: it must end in a prefix length, as in 10.77.0.1/24`,
    );
  return { bytes, prefix };
}
