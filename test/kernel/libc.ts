/**
 * The calls of the C library that a link between two namespaces needs: all
 * synchronous, all from one thread, so that a namespace is entered and left in
 * between.
 */
import { needFfi, openLibrary } from "../../src/node/ffi.ts";

interface Calls {
  unshare(flags: number): number;
  setns(fd: number, kind: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  fcntl(fd: number, command: number, argument: number): number;
  read(fd: number, into: Uint8Array, len: number): number;
  write(fd: number, bytes: Uint8Array, len: number): number;
  close(fd: number): number;
  poll(fds: Uint8Array, count: number, timeoutMs: number): number;
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, len: number): number;
  bind(fd: number, address: Uint8Array, len: number): number;
  listen(fd: number, backlog: number): number;
  accept4(fd: number, address: null, len: null, flags: number): number;
  connect(fd: number, address: Uint8Array, len: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, len: Uint8Array): number;
  getsockname(fd: number, address: Uint8Array, len: Uint8Array): number;
  getpeername(fd: number, address: Uint8Array, len: Uint8Array): number;
  epoll_create1(flags: number): number;
  epoll_ctl(fd: number, op: number, target: number, event: Uint8Array): number;
  epoll_wait(fd: number, events: Uint8Array, max: number, timeoutMs: number): number;
  shutdown(fd: number, how: number): number;
  clock_gettime(clock: number, time: Uint8Array): number;
}

const PROTOTYPES: Readonly<Record<keyof Calls, string>> = {
  unshare: "int unshare(int)",
  setns: "int setns(int, int)",
  ioctl: "int ioctl(int, unsigned long, void *)",
  fcntl: "int fcntl(int, int, int)",
  read: "long read(int, void *, size_t)",
  write: "long write(int, const void *, size_t)",
  close: "int close(int)",
  poll: "int poll(void *, unsigned long, int)",
  socket: "int socket(int, int, int)",
  setsockopt: "int setsockopt(int, int, int, const void *, unsigned int)",
  bind: "int bind(int, const void *, unsigned int)",
  listen: "int listen(int, int)",
  accept4: "int accept4(int, void *, void *, int)",
  connect: "int connect(int, const void *, unsigned int)",
  getsockopt: "int getsockopt(int, int, int, void *, void *)",
  getsockname: "int getsockname(int, void *, void *)",
  getpeername: "int getpeername(int, void *, void *)",
  epoll_create1: "int epoll_create1(int)",
  epoll_ctl: "int epoll_ctl(int, int, int, void *)",
  epoll_wait: "int epoll_wait(int, void *, int, int)",
  shutdown: "int shutdown(int, int)",
  clock_gettime: "int clock_gettime(int, void *)",
};

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the prototypes are above
export const libc = openLibrary("libc.so.6", PROTOTYPES) as unknown as Calls;

/** `result` of the call `name`. @throws {Error} when it is negative. */
export function checked(name: string, result: number): number {
  if (result < 0) throw new Error(`Cannot ${name}: errno ${needFfi().koffi.errno()}`);
  return result;
}

const CLOCK_MONOTONIC = 1;
const time = new Uint8Array(16);
const timeView = new DataView(time.buffer);

/** Nanoseconds of the monotonic clock, which the kernel's tracing uses too. */
export function nowNs(): number {
  libc.clock_gettime(CLOCK_MONOTONIC, time);
  return Number(timeView.getBigInt64(0, true)) * 1e9 + Number(timeView.getBigInt64(8, true));
}
