/** What the kernel's sockets are told and asked, as bytes. */
import type { TcpAddr } from "../../src/net/types.ts";
import { checked, libc } from "../kernel/libc.ts";

export const SOL_SOCKET = 1;
export const SOL_TCP = 6;
const AF_INET = 2;
const TCP_INFO = 11;

/** What is set on a socket before it connects or listens. */
export interface SocketSettings {
  /** `cubic` unless told: a machine's own may be another one. */
  readonly congestion?: "cubic" | "reno";
  /** SO_RCVBUF. */
  readonly receiveBuffer?: number;
}

/** One option, a whole number. */
export function setInt(fd: number, level: number, name: number, value: number): void {
  const bytes = new Uint8Array(new Int32Array([value]).buffer);
  checked("setsockopt", libc.setsockopt(fd, level, name, bytes, 4));
}

/** struct sockaddr_in. */
export function addressBytes({ hostname, port }: TcpAddr): Uint8Array {
  const bytes = new Uint8Array(16);
  const v = new DataView(bytes.buffer);
  v.setUint16(0, AF_INET, true);
  v.setUint16(2, port);
  bytes.set(hostname.split(".").map(Number), 4);
  return bytes;
}

/** Where an end of a socket is. */
export function readAddress(fd: number, end: "local" | "remote"): TcpAddr {
  const bytes = new Uint8Array(16);
  const len = new Uint8Array(new Int32Array([16]).buffer);
  const name = end === "local" ? "getsockname" : "getpeername";
  checked(name, libc[name](fd, bytes, len));
  return { hostname: bytes.subarray(4, 8).join("."), port: (bytes[2]! << 8) | bytes[3]! };
}

/** What the kernel says of a connection. */
export interface KernelInfo {
  /** Its number in linux/tcp_states.h: 1 is ESTABLISHED. */
  readonly state: number;
  readonly timestamps: boolean;
  readonly sack: boolean;
  readonly windowScaling: boolean;
  readonly sndShift: number;
  readonly rcvShift: number;
}

/** TCP_INFO. */
export function tcpInfo(fd: number): KernelInfo {
  const bytes = new Uint8Array(256);
  const len = new Uint8Array(new Int32Array([bytes.length]).buffer);
  checked("getsockopt", libc.getsockopt(fd, SOL_TCP, TCP_INFO, bytes, len));
  const [state = 0, , , , , options = 0, shifts = 0] = bytes;
  return {
    state,
    timestamps: (options & 1) !== 0,
    sack: (options & 2) !== 0,
    windowScaling: (options & 4) !== 0,
    sndShift: shifts & 15,
    rcvShift: shifts >>> 4,
  };
}
