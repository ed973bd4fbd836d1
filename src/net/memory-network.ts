/**
 * A network in memory: programs written against {@link Network} run in a test
 * or in a page.
 *
 * ```ts
 * const net = new MemoryNetwork();
 * const listener = await net.listen(":8080");
 * const conn = await net.dial("localhost:8080");
 * ```
 *
 * It has the addresses `127.0.0.1` (`localhost`) and `::1`, and any other
 * literal that something listens on.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import { isIpv4, parseAddress } from "./address.ts";
import { Calls } from "./calls.ts";
import { NetError } from "./errors.ts";
import { QueueListener } from "./listener.ts";
import { dialLiteral } from "./literal-dial.ts";
import { callerOf, errorAt, resolve } from "./literals.ts";
import { pipeEnds, STOPPED_CLOCK, type MemoryOptions } from "./pipe.ts";
import type {
  Address,
  Conn,
  DialOptions,
  Listener,
  ListenOptions,
  Network,
  TcpAddr,
} from "./types.ts";

/** First and last port that are given out (RFC 6335 §6). */
const EPHEMERAL_FIRST = 49_152;
const EPHEMERAL_LAST = 65_535;

/** A listener, and the dials that wait because its queue is full. */
interface Open {
  readonly listener: QueueListener;
  readonly dials: Set<() => void>;
}

/** {@link Network} in memory. */
export class MemoryNetwork implements Network {
  readonly #options: MemoryOptions;
  readonly #calls: Calls;
  readonly #clock: Clock;
  readonly #open = new Set<Open>();
  #lastPort = EPHEMERAL_FIRST - 1;

  constructor(options: MemoryOptions = {}) {
    this.#options = options;
    this.#calls = options.calls ?? new Calls();
    this.#clock = options.clock ?? STOPPED_CLOCK;
  }

  /** See {@link Network.listen}. */
  async listen(address: Address, options: ListenOptions = {}): Promise<Listener> {
    const call = this.#calls.begin("listen", callerOf("server", address));
    return this.#calls.attempt(call, "listen", () => {
      const at = resolve(parseAddress(address, "listen"), "listen");
      const { signal } = options;
      if (signal?.aborted === true) throw errorAt("listen", at, "aborted", signal.reason);
      const addr = { hostname: at.hostname, port: at.port === 0 ? this.#freePort(at) : at.port };
      if (this.#conflicts(addr)) throw errorAt("listen", addr, "in-use");
      const listener = this.#listenAt(addr, options.backlog);
      this.#calls.made(call, { localAddr: addr });
      return listener;
    });
  }

  /** See {@link Network.dial}. It succeeds when the listener's queue has room, before it is accepted. */
  dial(address: Address, options: DialOptions = {}): Promise<Conn> {
    return dialLiteral(address, {
      calls: this.#calls,
      clock: this.#clock,
      options,
      connect: (remote, done, fail) => this.#knock(remote, done, fail),
    });
  }

  #listenAt(addr: TcpAddr, backlog: number | undefined): QueueListener {
    const open: Open = {
      dials: new Set(),
      listener: new QueueListener({
        addr,
        backlog,
        calls: this.#calls,
        clock: this.#clock,
        onRoom: () => next(open.dials),
        onClose: () => {
          this.#open.delete(open);
          for (const dial of open.dials) dial();
        },
      }),
    };
    this.#open.add(open);
    return open.listener;
  }

  /** Tries to connect, now and whenever the listener has room; returns how to give up. */
  #knock(
    remoteAddr: TcpAddr,
    done: (conn: Conn) => void,
    fail: (error: NetError) => void,
  ): () => void {
    const open = this.#listening(remoteAddr);
    const attempt = (): void => {
      open?.dials.delete(attempt);
      if (open === undefined || !this.#open.has(open)) {
        fail(errorAt("dial", remoteAddr, "refused"));
      } else if (open.listener.hasRoom) {
        done(this.#connect(remoteAddr, open.listener));
      } else {
        // A kernel whose queue is full drops the SYN: the dial waits.
        open.dials.add(attempt);
      }
    };
    attempt();
    return () => open?.dials.delete(attempt);
  }

  #connect(remoteAddr: TcpAddr, listener: QueueListener): Conn {
    const localAddr = { hostname: remoteAddr.hostname, port: this.#freePort(remoteAddr) };
    const calls = this.#calls;
    const { client, server } = pipeEnds({ ...this.#options, calls }, localAddr, remoteAddr);
    const conn = client.open();
    listener.offer(server);
    return conn;
  }

  #listening(to: TcpAddr): Open | undefined {
    return [...this.#open].find(({ listener }) => accepts(listener.addr, to));
  }

  #conflicts(addr: TcpAddr): boolean {
    return [...this.#open].some(
      ({ listener }) => accepts(listener.addr, addr) || accepts(addr, listener.addr),
    );
  }

  /** The next port that nobody listens on. */
  #freePort({ hostname }: TcpAddr): number {
    for (let tried = EPHEMERAL_FIRST; tried <= EPHEMERAL_LAST; tried++) {
      const port = this.#lastPort === EPHEMERAL_LAST ? EPHEMERAL_FIRST : this.#lastPort + 1;
      this.#lastPort = port;
      if (!this.#conflicts({ hostname, port })) return port;
    }
    throw errorAt("listen", { hostname, port: 0 }, "in-use");
  }
}

function next(dials: ReadonlySet<() => void>): void {
  for (const dial of dials) return dial();
}

/** Whether who listens on `at` is who is dialed as `to`. */
function accepts(at: TcpAddr, to: TcpAddr): boolean {
  if (at.port !== to.port) return false;
  const isIpv4Any = at.hostname === "0.0.0.0" && isIpv4(to.hostname);
  return at.hostname === to.hostname || at.hostname === "::" || isIpv4Any;
}
