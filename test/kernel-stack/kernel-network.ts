/**
 * The kernel's sockets of one namespace as a {@link Network}, driven by the
 * pump that drives our stack beside them: non-blocking calls, and an epoll file
 * that the pump watches. Options that node:net does not have are set here.
 */
import { readFileSync } from "node:fs";
import { Calls } from "../../src/net/calls.ts";
import { NetError, type NetErrorCode } from "../../src/net/errors.ts";
import { QueueListener } from "../../src/net/listener.ts";
import { resolve } from "../../src/net/literals.ts";
import { parseAddress } from "../../src/net/address.ts";
import { StreamConn } from "../../src/net/stream-conn.ts";
import type { Address, Conn, Network, TcpAddr } from "../../src/net/types.ts";
import { errnoName } from "../../src/node/ffi.ts";
import type { Pump, Source } from "../../src/node/tun/pump.ts";
import { checked, libc } from "../kernel/libc.ts";
import type { NetSpace } from "../kernel/net-space.ts";
import { codeOf } from "./error-codes.ts";
import { KernelTransport } from "./kernel-transport.ts";
import {
  addressBytes,
  type KernelInfo,
  readAddress,
  setInt,
  tcpInfo,
  SOL_TCP,
  SOL_SOCKET,
  type SocketSettings,
} from "./socket-options.ts";

/** TCP_LISTEN. */
const LISTEN = 10;
const AF_INET = 2;
const SOCK_STREAM_NONBLOCK = 1 | 0o4000;
const SOCK_NONBLOCK = 0o4000;
const SO_REUSEADDR = 2;
const SO_ERROR = 4;
const EPOLL_CTL_ADD = 1;
const EPOLLIN = 1;
const EPOLLOUT = 4;
const EPOLLERR = 8;
const EPOLLHUP = 0x10;
const EPOLLET = 0x8000_0000;
/** struct epoll_event is packed on x86-64 alone. */
const EVENT_LEN = process.arch === "x64" ? 12 : 16;
const DATA_AT = EVENT_LEN - 8;
const MAX_EVENTS = 64;

type OnEvents = (events: number) => void;

/** See the module. IPv4 only. */
export class KernelNetwork implements Network, Source {
  readonly fd: number;
  taken = 0;
  readonly #space: NetSpace;
  readonly #pump: Pump;
  readonly #settings: SocketSettings;
  readonly #calls = new Calls();
  readonly #fds = new WeakMap<Conn, number>();
  readonly #handlers = new Map<number, OnEvents>();
  readonly #events = new Uint8Array(EVENT_LEN * MAX_EVENTS);

  /** @param settings Of every socket that is made. */
  constructor(space: NetSpace, pump: Pump, settings: SocketSettings = {}) {
    this.#space = space;
    this.#pump = pump;
    this.#settings = settings;
    this.fd = checked("epoll_create1", libc.epoll_create1(0));
    pump.watch(this);
  }

  onReady(): void {
    const n = libc.epoll_wait(this.fd, this.#events, MAX_EVENTS, 0);
    const v = new DataView(this.#events.buffer);
    for (let i = 0; i < n; i++) {
      this.taken++;
      this.#handlers.get(v.getInt32(i * EVENT_LEN + DATA_AT, true))?.(
        v.getUint32(i * EVENT_LEN, true),
      );
    }
  }

  async listen(address: Address): Promise<QueueListener> {
    const at = resolve(parseAddress(address, "listen"), "listen");
    const fd = this.#socket();
    setInt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    checked("bind", libc.bind(fd, addressBytes(at), 16));
    checked("listen", libc.listen(fd, 1024));
    const accept = (): void => {
      while (queue.hasRoom) {
        const accepted = libc.accept4(fd, null, null, SOCK_NONBLOCK);
        if (accepted < 0) return;
        queue.offer({
          open: () => this.#open(accepted, "server"),
          discard: () => void libc.close(accepted),
        });
      }
    };
    const queue = new QueueListener({
      addr: readAddress(fd, "local"),
      backlog: 64,
      calls: this.#calls,
      clock: this.#pump,
      onRoom: accept,
      onClose: () => this.#forget(fd),
    });
    this.#watch(fd, accept);
    return queue;
  }

  /** @param localPort A free one unless told. */
  async dial(address: Address, _options?: unknown, localPort: number = 0): Promise<Conn> {
    const remote = resolve(parseAddress(address), "dial");
    const fd = this.#socket();
    if (localPort > 0) {
      setInt(fd, SOL_SOCKET, SO_REUSEADDR, 1);
      checked("bind", libc.bind(fd, addressBytes({ hostname: "0.0.0.0", port: localPort }), 16));
    }
    libc.connect(fd, addressBytes(remote), 16);
    return new Promise((done, fail) => {
      this.#watch(fd, (events) => {
        if ((events & (EPOLLOUT | EPOLLERR | EPOLLHUP)) === 0) return;
        const code = errorOf(fd);
        if (code === null) return done(this.#open(fd, "client"));
        this.#forget(fd);
        return fail(
          new NetError({ op: "dial", code, remote: `${remote.hostname}:${remote.port}` }),
        );
      });
    });
  }

  /** TCP_INFO of a connection that is open. */
  info(conn: Conn): KernelInfo {
    const fd = this.#fds.get(conn);
    if (fd === undefined) throw new RangeError("Cannot ask for a connection of another network");
    return tcpInfo(fd);
  }

  /** The states of all connections, in TIME-WAIT too, as /proc/net/tcp numbers them. */
  states(): number[] {
    const rows = this.#space.inside(() => readFileSync("/proc/thread-self/net/tcp", "utf8"));
    const states = rows
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.trim().split(/\s+/)[3] ?? "");
    return states.map((state) => Number.parseInt(state, 16)).filter((state) => state !== LISTEN);
  }

  /** Closes what is left. */
  close(): void {
    for (const fd of this.#handlers.keys()) libc.close(fd);
    this.#handlers.clear();
    libc.close(this.fd);
  }

  #open(fd: number, role: "client" | "server"): StreamConn {
    const transport = new KernelTransport(fd, () => this.#forget(fd));
    const calls = this.#calls;
    const addrs: Record<"localAddr" | "remoteAddr", TcpAddr> = {
      localAddr: readAddress(fd, "local"),
      remoteAddr: readAddress(fd, "remote"),
    };
    const conn = new StreamConn({ transport, role, ...addrs, calls, clock: this.#pump });
    transport.conn = conn;
    this.#fds.set(conn, fd);
    this.#watch(fd, (events) => {
      if ((events & EPOLLIN) !== 0) conn.onReadable();
      if ((events & EPOLLOUT) !== 0) conn.onWritable();
      const code = (events & EPOLLERR) === 0 ? null : errorOf(fd);
      if (code === null) return;
      transport.isBroken = true;
      conn.onError(code);
    });
    return conn;
  }

  #socket(): number {
    const fd = this.#space.inside(() =>
      checked("socket", libc.socket(AF_INET, SOCK_STREAM_NONBLOCK, 0)),
    );
    const { congestion = "cubic", receiveBuffer } = this.#settings;
    const name = new TextEncoder().encode(congestion);
    checked("setsockopt", libc.setsockopt(fd, SOL_TCP, 13, name, name.length));
    if (receiveBuffer !== undefined) setInt(fd, SOL_SOCKET, 8, receiveBuffer);
    return fd;
  }

  #watch(fd: number, on: OnEvents): void {
    const isNew = !this.#handlers.has(fd);
    this.#handlers.set(fd, on);
    if (!isNew) return;
    const event = new DataView(new ArrayBuffer(EVENT_LEN));
    event.setUint32(0, (EPOLLIN | EPOLLOUT | EPOLLET) >>> 0, true);
    event.setInt32(DATA_AT, fd, true);
    checked("epoll_ctl", libc.epoll_ctl(this.fd, EPOLL_CTL_ADD, fd, new Uint8Array(event.buffer)));
  }

  #forget(fd: number): void {
    if (this.#handlers.delete(fd)) libc.close(fd);
    this.#pump.wake();
  }
}

/** The error that waits at a socket, which takes it away. */
function errorOf(fd: number): NetErrorCode | null {
  const value = new Int32Array(1);
  const len = new Uint8Array(new Int32Array([4]).buffer);
  libc.getsockopt(fd, SOL_SOCKET, SO_ERROR, new Uint8Array(value.buffer), len);
  return value[0] === 0 ? null : codeOf(errnoName(value[0]!));
}
