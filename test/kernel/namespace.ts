/**
 * A network namespace without a name, and in it a TUN device. Both are gone
 * when the process ends, however that ends: there is nothing to clean up.
 */
import { spawnSync } from "node:child_process";
import { openSync, readFileSync } from "node:fs";
import { checked, libc } from "./libc.ts";
import { NetSpace } from "./net-space.ts";

const TUNSETIFF = 0x4004_54ca;
const IFF_TUN = 1;
const IFF_NO_PI = 0x1000;
const F_SETFL = 4;
const O_NONBLOCK = 0o4000;

/** See the module. */
export class Namespace {
  readonly #space: NetSpace;
  /** The packets that leave it, and that enter it. */
  readonly tun: number;

  /** @param address Of the device, with the length of its prefix: `"10.77.0.1/24"`. */
  constructor(address: string, sysctl: Readonly<Record<string, string | number>>) {
    this.#space = new NetSpace(sysctl);
    this.tun = this.inside(() => {
      const fd = openTun();
      const script = `addr add ${address} dev tun0\nlink set tun0 gso_max_segs 1 mtu 1500 up\nlink set lo up\n`;
      const { status, stderr } = spawnSync("ip", ["-batch", "-"], { input: script });
      if (status !== 0) throw new Error(`Cannot set up the device: ${String(stderr)}`);
      return fd;
    });
  }

  /** Does something inside. */
  inside<T>(work: () => T): T {
    return this.#space.inside(work);
  }

  /** The counters of `/proc/net/netstat` that are not 0. */
  counters(): Record<string, number> {
    const lines = this.inside(() => readFileSync("/proc/thread-self/net/netstat", "utf8")).split(
      "\n",
    );
    const at = lines.findIndex((line) => line.startsWith("TcpExt:"));
    const names = lines[at]!.split(" ");
    const values = lines[at + 1]!.split(" ");
    const all = names.slice(1).map((name, i) => [name, Number(values[i + 1])] as const);
    return Object.fromEntries(all.filter(([, value]) => value !== 0));
  }

  close(): void {
    libc.close(this.tun);
    this.#space.close();
  }
}

function openTun(): number {
  const fd = openSync("/dev/net/tun", "r+");
  const request = Buffer.alloc(40);
  request.write("tun0");
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI, 16);
  checked("open a TUN device", libc.ioctl(fd, TUNSETIFF, request));
  checked("fcntl", libc.fcntl(fd, F_SETFL, O_NONBLOCK));
  return fd;
}
