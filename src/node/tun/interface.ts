/**
 * Making a TUN interface: a network interface of Linux whose other end is a
 * file of ours. What the kernel sends comes out of the file as IP packets; what
 * is written into the file comes in at the interface.
 *
 * @module
 */
import { closeSync, constants, openSync } from "node:fs";
import { text } from "../../base/lang.ts";
import { visible } from "../../base/visible.ts";
import { checked, loadFfi, needFfi, SystemError } from "../ffi.ts";
import { badInterfaceName, bringUp, interfaceIndex } from "../interfaces.ts";
import { explainTunFailure, TUN_FILE, TunError } from "./error.ts";

const TUNSETIFF = 0x4004_54ca;
const IFF_TUN = 0x1;
/** Packets begin with their IP header. */
const IFF_NO_PI = 0x1000;
const SIOCSIFADDR = 0x8916;
const SIOCSIFNETMASK = 0x891c;
const SIOCSIFMTU = 0x8922;
const SIOCSIFTXQLEN = 0x8943;
/** Packets that the kernel keeps until they are taken; with its own 500 a connection at full speed loses some. */
const QUEUE_LEN = 10_000;
const AF_INET = 2;
const AF_INET6 = 10;
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000;
/** struct ifreq: 16 bytes of name, then a union. */
const IFREQ_LEN = 40;
const IFNAMSIZ = 16;

/** The file of an interface. It is gone when the file is closed. */
export interface TunFile {
  readonly fd: number;
  readonly name: string;
}

/** An address of the kernel's end, and the bits that its network has in common. */
export interface InterfaceAddress {
  /** 4 bytes or 16. */
  readonly bytes: Uint8Array;
  readonly prefix: number;
}

/**
 * Makes an interface, down and without an address. `name` may hold `%d` for the first free number.
 *
 * @throws {TunError} when that cannot be.
 */
export function openTunFile(name: string): TunFile {
  checkName(name);
  const ffi = loadFfi();
  if (process.platform !== "linux" || !ffi.ok) throw noFfi(ffi.ok ? null : ffi.why);
  const fd = openDevice(name);
  const request = ifreq(name);
  request.writeUInt16LE(IFF_TUN | IFF_NO_PI, IFNAMSIZ);
  try {
    checked("make a TUN interface", ffi.libc.ioctl(fd, TUNSETIFF, request));
  } catch (e) {
    closeSync(fd);
    throw explain(e, name);
  }
  return { fd, name: request.toString("latin1", 0, IFNAMSIZ).replace(/\0.*$/s, "") };
}

/**
 * Gives the interface its MTU, a queue and addresses, and brings it up.
 *
 * @throws {TunError} when the kernel refuses.
 */
export function setUpInterface(
  name: string,
  mtu: number,
  addresses: readonly InterfaceAddress[],
): void {
  try {
    withSocket(AF_INET, (fd) => {
      const request = ifreq(name);
      request.writeInt32LE(mtu, IFNAMSIZ);
      ioctl(fd, "set the MTU", SIOCSIFMTU, request);
      request.writeInt32LE(QUEUE_LEN, IFNAMSIZ);
      // Not in a user namespace; then some packets are lost at full speed, and sent again.
      needFfi().libc.ioctl(fd, SIOCSIFTXQLEN, request);
    });
    for (const address of addresses) {
      if (address.bytes.length === 4) setAddress4(name, address);
      else setAddress6(name, address);
    }
    if (!bringUp(name)) throw new SystemError("bring the interface up", "EPERM");
  } catch (e) {
    throw explain(e, name);
  }
}

function setAddress4(name: string, { bytes, prefix }: InterfaceAddress): void {
  withSocket(AF_INET, (fd) => {
    ioctl(fd, "set the address", SIOCSIFADDR, withAddress(name, bytes));
    const mask = Buffer.alloc(4);
    mask.writeUInt32BE(prefix === 0 ? 0 : (0xffff_ffff << (32 - prefix)) >>> 0);
    ioctl(fd, "set the netmask", SIOCSIFNETMASK, withAddress(name, mask));
  });
}

/** struct in6_ifreq: the address, its prefix, the interface's number. */
function setAddress6(name: string, { bytes, prefix }: InterfaceAddress): void {
  withSocket(AF_INET6, (fd) => {
    const request = Buffer.alloc(24);
    request.set(bytes);
    request.writeUInt32LE(prefix, 16);
    request.writeInt32LE(interfaceIndex(name) ?? 0, 20);
    ioctl(fd, "set the address", SIOCSIFADDR, request);
  });
}

/** struct ifreq with a struct sockaddr_in. */
function withAddress(name: string, bytes: Uint8Array): Buffer {
  const request = ifreq(name);
  request.writeUInt16LE(AF_INET, IFNAMSIZ);
  request.set(bytes, IFNAMSIZ + 4);
  return request;
}

function ifreq(name: string): Buffer {
  const request = Buffer.alloc(IFREQ_LEN);
  request.write(name, 0, IFNAMSIZ - 1, "latin1");
  return request;
}

function ioctl(fd: number, what: string, request: number, argument: Buffer): void {
  checked(what, needFfi().libc.ioctl(fd, request, argument));
}

function withSocket(family: number, work: (fd: number) => void): void {
  const { libc } = needFfi();
  const fd = checked("open a socket", libc.socket(family, SOCK_DGRAM_CLOEXEC, 0));
  try {
    work(fd);
  } finally {
    libc.close(fd);
  }
}

function openDevice(name: string): number {
  try {
    return openSync(TUN_FILE, constants.O_RDWR | constants.O_NONBLOCK);
  } catch (e) {
    throw explain(e, name);
  }
}

function checkName(name: string): void {
  const bad = badInterfaceName(name);
  if (bad === null) return;
  const shown = visible(name);
  throw new TunError(
    "bad-name",
    text(`"${shown}" is no name for an interface: ${bad}`, `“${shown}” 不能用作接口名：${bad}`),
  );
}

function noFfi(why: string | null): TunError {
  if (why === null)
    return new TunError(
      "unsupported",
      text("seqack makes TUN devices on Linux only", "seqack 只能在 Linux 上建立 TUN 设备"),
    );
  return new TunError(
    "unsupported",
    text(
      `the optional package koffi, which calls the kernel, cannot be loaded (${visible(why)})`,
      `用来调用内核的可选软件包 koffi 无法加载（${visible(why)}）`,
    ),
  );
}

function explain(e: unknown, name: string): unknown {
  if (e instanceof SystemError) return explainTunFailure(e.call, e.code, name);
  if (e instanceof Error && "code" in e)
    return explainTunFailure(`open ${TUN_FILE}`, String(e.code), name);
  return e;
}
