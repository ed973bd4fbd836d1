/**
 * The one door to the C library: koffi, an optional dependency that needs no
 * compiler. Nothing else in seqack imports it, so that another FFI can take
 * its place; where it is missing, that is a reported lack and no crash.
 *
 * Calls are synchronous. (An asynchronous koffi call costs 67 µs through the
 * thread pool, a synchronous one 0.23 µs: what has to wait, waits in a worker,
 * or in {@link pollLater}, when it waits seldom.)
 *
 * @module
 */
import { createRequire } from "node:module";
import { getSystemErrorName } from "node:util";

type Koffi = typeof import("koffi");

/** Whatever C sees as a pointer: memory of ours, an address, or NULL. */
export type Pointer = Uint8Array | bigint | null;

/** The functions of the C library in use, by their own names; results as C returns them. */
export interface Libc {
  socket(domain: number, type: number, protocol: number): number;
  setsockopt(fd: number, level: number, name: number, value: Uint8Array, len: number): number;
  getsockopt(fd: number, level: number, name: number, value: Uint8Array, len: Uint8Array): number;
  bind(fd: number, address: Uint8Array, len: number): number;
  mmap(
    at: Pointer,
    len: number,
    protection: number,
    flags: number,
    fd: number,
    offset: number,
  ): bigint;
  munmap(at: Pointer, len: number): number;
  poll(fds: Uint8Array, count: number, timeoutMs: number): number;
  close(fd: number): number;
  ioctl(fd: number, request: number, argument: Uint8Array): number;
  eventfd(initial: number, flags: number): number;
  read(fd: number, into: Uint8Array, len: number): number;
  write(fd: number, bytes: Uint8Array, len: number): number;
  if_nametoindex(name: string): number;
  if_indextoname(index: number, name: Uint8Array): Pointer;
  clock_gettime(clock: number, time: Uint8Array): number;
}

const PROTOTYPES: Readonly<Record<keyof Libc, string>> = {
  socket: "int socket(int, int, int)",
  setsockopt: "int setsockopt(int, int, int, const void *, unsigned int)",
  getsockopt: "int getsockopt(int, int, int, void *, void *)",
  bind: "int bind(int, const void *, unsigned int)",
  mmap: "void *mmap(void *, size_t, int, int, int, long)",
  munmap: "int munmap(void *, size_t)",
  poll: "int poll(void *, unsigned long, int)",
  close: "int close(int)",
  ioctl: "int ioctl(int, unsigned long, void *)",
  eventfd: "int eventfd(unsigned int, int)",
  read: "long read(int, void *, size_t)",
  write: "long write(int, const void *, size_t)",
  if_nametoindex: "unsigned int if_nametoindex(const char *)",
  if_indextoname: "void *if_indextoname(unsigned int, void *)",
  clock_gettime: "int clock_gettime(int, void *)",
};

/** A library's functions, looked up when they are first called. */
export type Library = Readonly<Record<string, (...args: never[]) => unknown>>;

/** What {@link loadFfi} found. */
export type Ffi =
  | { readonly ok: true; readonly koffi: Koffi; readonly libc: Libc }
  | { readonly ok: false; readonly why: string };

// Loading costs some milliseconds, so it happens at the first use, once a thread.
const memo: {
  ffi?: Ffi;
  ppoll?: ReturnType<import("koffi").LibraryHandle["func"]>;
  readonly inUse: Set<readonly Uint8Array[]>;
} = { inUse: new Set() };

/** struct pollfd: the descriptor, the events asked for, those that are. */
export const POLLFD_LEN = 8;

/** koffi and the C library, or why they cannot be had (English, one line). */
export function loadFfi(): Ffi {
  memo.ffi ??= load();
  return memo.ffi;
}

function load(): Ffi {
  try {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- `require` knows no types
    const koffi = createRequire(import.meta.url)("koffi") as Koffi;
    // `null` is the program itself: glibc, musl or libSystem, whichever Node was linked with.
    const self = koffi.load(null);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the prototypes are above
    const libc = lazily(self, PROTOTYPES) as unknown as Libc;
    return { ok: true, koffi, libc };
  } catch (e) {
    const why = e instanceof Error ? e.message.split("\n", 1)[0]! : String(e);
    return { ok: false, why };
  }
}

/** koffi and the C library. @throws {Error} when they cannot be had. */
export function needFfi(): Extract<Ffi, { ok: true }> {
  const ffi = loadFfi();
  if (!ffi.ok) throw new Error(`Cannot call the C library: ${ffi.why}`);
  return ffi;
}

/**
 * Functions of the shared library `path`, by the keys of `prototypes`.
 *
 * @throws {Error} when there is no such library.
 */
export function openLibrary(path: string, prototypes: Readonly<Record<string, string>>): Library {
  return lazily(needFfi().koffi.load(path), prototypes);
}

function lazily(
  handle: import("koffi").LibraryHandle,
  prototypes: Readonly<Record<string, string>>,
): Library {
  const functions: Record<string, Library[string]> = {};
  const library = {};
  for (const [name, prototype] of Object.entries(prototypes)) {
    Object.defineProperty(library, name, {
      get: () => (functions[name] ??= handle.func(prototype)),
    });
  }
  return library;
}

/** Name of the last call's error: `"EPERM"`. Only good right after the call. */
export function lastErrno(): string {
  return errnoName(needFfi().koffi.errno());
}

/** Name of an error number: `"EPERM"`. */
export function errnoName(errno: number): string {
  return getSystemErrorName(-errno);
}

/** A failed call of the C library. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  /** `"EPERM"`, … */
  readonly code: string;
  readonly call: string;

  constructor(call: string, code: string) {
    super(`Cannot ${call}: ${code}`);
    this.call = call;
    this.code = code;
  }
}

/** `result`, or a {@link SystemError} when it is negative. */
export function checked(call: string, result: number): number {
  if (result < 0) throw new SystemError(call, lastErrno());
  return result;
}

/** Address of `bytes`, good only while they live: keep a reference until the call returned. */
export function addressOf(bytes: Uint8Array): bigint {
  return needFfi().koffi.address(bytes);
}

/** `len` bytes of memory that is not ours, seen in place; touching it after it was unmapped ends the process. */
export function memoryAt(address: bigint, len: number): ArrayBuffer {
  return needFfi().koffi.view(address, len);
}

/**
 * `ppoll(2)` in a thread of libuv's pool: `done` is called on the event loop when a descriptor is ready or `timeoutNs` is over.
 * Until then `fds` must not change, one thread of the pool (of four) is taken, and an ending process waits for it.
 */
export function pollLater(fds: Uint8Array, timeoutNs: number, done: () => void): void {
  const timeout = new Uint8Array(16);
  const v = new DataView(timeout.buffer);
  v.setBigInt64(0, BigInt(Math.floor(timeoutNs / 1e9)), true);
  v.setBigInt64(8, BigInt(Math.floor(timeoutNs % 1e9)), true);
  memo.ppoll ??= needFfi()
    .koffi.load(null)
    .func("int ppoll(void *, unsigned long, const void *, const void *)");
  // The kernel writes into them while nobody here knows them any more.
  const memory = [fds, timeout];
  memo.inUse.add(memory);
  memo.ppoll.async(fds, fds.length / POLLFD_LEN, timeout, null, () => {
    memo.inUse.delete(memory);
    done();
  });
}
