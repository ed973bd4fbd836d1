/**
 * Two programs in one: a client that writes at given times, and a server that
 * reads. Sockets belong to the namespace in which they are made, so one thread
 * can serve them all.
 */
import { checked, libc } from "./libc.ts";
import type { Namespace } from "./namespace.ts";

const AF_INET = 2;
const SOCK_STREAM = 1;
const SOCK_NONBLOCK = 0o4000;
const SOL_SOCKET = 1;
const SO_RCVBUF = 8;
const IPPROTO_TCP = 6;
const TCP_NODELAY = 1;
const TCP_CONGESTION = 13;
const SHUT_WR = 1;

/** What the programs do; times in milliseconds after the connection was made. */
export interface Plan {
  /** When, and how many bytes. */
  readonly writes: readonly (readonly [atMs: number, bytes: number])[];
  /** The server reads from then on. */
  readonly readAtMs?: number;
  /** Size of its receive buffer. */
  readonly rcvBuf?: number;
  /** Ends without closing: what is still outstanding is not waited for. */
  readonly stopAtMs?: number;
}

/** See the module. */
export class Ends {
  readonly #plan: Plan;
  readonly #listener: number;
  readonly #client: number;
  #accepted = -1;
  #serverIsDone = false;
  #connectedNs = -1;
  #write = 0;
  #left = 0;
  #isShut = false;
  isDone = false;

  constructor(client: Namespace, server: Namespace, serverIp: string, port: number, plan: Plan) {
    this.#plan = plan;
    const address = addressOf(serverIp, port);
    this.#listener = server.inside(() => {
      const fd = stream();
      if (plan.rcvBuf !== undefined) setInt(fd, SOL_SOCKET, SO_RCVBUF, plan.rcvBuf);
      checked("bind", libc.bind(fd, address, 16));
      checked("listen", libc.listen(fd, 8));
      return fd;
    });
    this.#client = client.inside(() => {
      const fd = stream();
      setInt(fd, IPPROTO_TCP, TCP_NODELAY, 1);
      // Other namespaces than the first may not choose it for all their sockets.
      const cubic = new TextEncoder().encode("cubic");
      checked("setsockopt", libc.setsockopt(fd, IPPROTO_TCP, TCP_CONGESTION, cubic, cubic.length));
      libc.connect(fd, address, 16);
      return fd;
    });
  }

  /** Does what can be done now. @returns When something is to be done next; Infinity: when the peer did something. */
  run(now: number): number {
    this.#serve(now);
    if (this.#connectedNs === -1) {
      // An empty write tells whether the socket is connected.
      if (libc.write(this.#client, ZEROS, 0) < 0) return Infinity;
      this.#connectedNs = now;
    }
    return this.#act(now);
  }

  close(): void {
    for (const fd of [this.#listener, this.#client, this.#accepted]) if (fd >= 0) libc.close(fd);
  }

  #act(now: number): number {
    const { writes, stopAtMs } = this.#plan;
    const at = (ms: number): number => this.#connectedNs + ms * 1e6;
    while (this.#left > 0 || (this.#write < writes.length && at(writes[this.#write]![0]) <= now)) {
      if (this.#left === 0) this.#left = writes[this.#write++]![1];
      const sent = libc.write(this.#client, ZEROS, Math.min(this.#left, ZEROS.length));
      if (sent <= 0) return Infinity;
      this.#left -= sent;
    }
    if (this.#write < writes.length) return at(writes[this.#write]![0]);
    if (stopAtMs !== undefined) {
      this.isDone = at(stopAtMs) <= now;
      return at(stopAtMs);
    }
    if (!this.#isShut) {
      libc.shutdown(this.#client, SHUT_WR);
      this.#isShut = true;
    }
    if (libc.read(this.#client, INTO, INTO.length) === 0) this.isDone = true;
    return Infinity;
  }

  #serve(now: number): void {
    if (this.#serverIsDone) return;
    if (this.#accepted === -1) {
      this.#accepted = libc.accept4(this.#listener, null, null, SOCK_NONBLOCK);
      if (this.#accepted < 0) this.#accepted = -1;
      if (this.#accepted === -1) return;
    }
    const since = this.#connectedNs + (this.#plan.readAtMs ?? 0) * 1e6;
    if (this.#connectedNs === -1 || now < since) return;
    for (;;) {
      const length = libc.read(this.#accepted, INTO, INTO.length);
      if (length < 0) return;
      if (length === 0) {
        libc.shutdown(this.#accepted, SHUT_WR);
        this.#serverIsDone = true;
        return;
      }
    }
  }
}

const ZEROS = new Uint8Array(65_536);
const INTO = new Uint8Array(65_536);

function stream(): number {
  return checked("socket", libc.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0));
}

function setInt(fd: number, level: number, name: number, value: number): void {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setInt32(0, value, true);
  checked("setsockopt", libc.setsockopt(fd, level, name, bytes, 4));
}

function addressOf(ip: string, port: number): Uint8Array {
  const bytes = new Uint8Array(16);
  const v = new DataView(bytes.buffer);
  v.setUint16(0, AF_INET, true);
  v.setUint16(2, port);
  bytes.set(ip.split(".").map(Number), 4);
  return bytes;
}
