/**
 * The network interfaces of this machine, as a capture needs to know them.
 *
 * @module
 */
import { readFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { loadFfi, needFfi } from "./ffi.ts";

const AF_INET = 2;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
const SIOCGIFFLAGS = 0x8913;
const SIOCSIFFLAGS = 0x8914;
const SIOCGIFHWADDR = 0x8927;
/** struct ifreq: 16 bytes of name, then a union. */
const IFREQ_LEN = 40;
const IFNAMSIZ = 16;
const IFF_UP = 0x1;
const IFF_LOOPBACK = 0x8;
const IFF_RUNNING = 0x40;

/** Every interface at once. */
export const ANY_INTERFACE = "any";

/** An interface that can be captured on. */
export interface NetworkInterface {
  readonly name: string;
  /** `null` where it cannot be asked (no koffi). */
  readonly up: boolean | null;
  readonly running: boolean | null;
  readonly loopback: boolean;
  readonly addresses: readonly string[];
}

/** All interfaces of this network namespace, in the kernel's order. */
export function listInterfaces(): readonly NetworkInterface[] {
  const known = networkInterfaces();
  return interfaceNames(Object.keys(known)).map((name) => {
    const addresses = known[name] ?? [];
    const flags = interfaceFlags(name);
    return {
      name,
      up: flags === null ? null : (flags & IFF_UP) !== 0,
      running: flags === null ? null : (flags & IFF_RUNNING) !== 0,
      loopback: flags === null ? addresses.some((a) => a.internal) : (flags & IFF_LOOPBACK) !== 0,
      addresses: addresses.map((a) => a.address),
    };
  });
}

/** Linux also names those that are down or have no address. */
function interfaceNames(withAddress: readonly string[]): readonly string[] {
  if (process.platform !== "linux") return withAddress;
  const lines = readFileSync("/proc/thread-self/net/dev", "utf8").split("\n").slice(2);
  return lines.map((line) => line.split(":", 1)[0]!.trim()).filter((name) => name !== "");
}

/**
 * Why `name` cannot be an interface's, `null` when it can. Whatever passes is
 * harmless in the argument list of a program.
 */
export function badInterfaceName(name: string): string | null {
  if (name === "") return "it is empty";
  if (name.startsWith("-")) return "it begins with a dash";
  if (!/^[!-~]+$/.test(name) || name.includes("/")) return "it holds a character that no name has";
  return name.length >= IFNAMSIZ ? `it is longer than ${IFNAMSIZ - 1} characters` : null;
}

/** The kernel's number of the interface, `null` when there is none of that name. */
export function interfaceIndex(name: string): number | null {
  return needFfi().libc.if_nametoindex(name) || null;
}

/** Name of the kernel's interface `index`; `"if7"` when it has gone. */
export function interfaceName(index: number): string {
  const name = Buffer.alloc(IFNAMSIZ);
  needFfi().libc.if_indextoname(index, name);
  return name.toString("latin1").replace(/\0.*$/s, "") || `if${index}`;
}

/** ARPHRD_ value: what kind of link the interface is; `null` when there is no such interface. */
export function deviceType(name: string): number | null {
  return ifreq(SIOCGIFHWADDR, name)?.getUint16(IFNAMSIZ, true) ?? null;
}

/** IFF_ flags, `null` when they cannot be asked for. */
function interfaceFlags(name: string): number | null {
  return ifreq(SIOCGIFFLAGS, name)?.getUint16(IFNAMSIZ, true) ?? null;
}

/** Brings an interface up, as `ip link set NAME up`. @returns Whether it is up. */
export function bringUp(name: string): boolean {
  const flags = interfaceFlags(name);
  if (flags === null) return false;
  if ((flags & IFF_UP) !== 0) return true;
  return ifreq(SIOCSIFFLAGS, name, flags | IFF_UP) !== null;
}

function ifreq(request: number, name: string, value: number = 0): DataView | null {
  const ffi = loadFfi();
  if (!ffi.ok || process.platform !== "linux") return null;
  const bytes = Buffer.alloc(IFREQ_LEN);
  bytes.write(name, 0, IFNAMSIZ - 1, "latin1");
  bytes.writeUInt16LE(value, IFNAMSIZ);
  const fd = ffi.libc.socket(AF_INET, SOCK_DGRAM_CLOEXEC, 0);
  if (fd < 0) return null;
  const result = ffi.libc.ioctl(fd, request, bytes);
  ffi.libc.close(fd);
  return result < 0 ? null : new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
