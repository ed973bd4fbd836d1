/**
 * Programs over our own stack: a host of `seqack/stack` as a {@link Network}.
 *
 * ```ts
 * const sim = new Simulation();
 * const host = sim.add(new Host({ addresses: ["10.0.0.1"], device: link.a, profile: linux }));
 * const net = new StackNetwork({ host, clock: sim, nowNs: () => sim.nowNs, wake });
 * const conn = await net.dial("10.0.0.2:80");
 * ```
 *
 * Somebody else drives the host: `wake` asks for it. Names are not looked up;
 * `localhost` is 127.0.0.1, if the host has that address.
 *
 * @module
 */
import type { Clock } from "../base/clock.ts";
import type { Host } from "../stack/host/host.ts";
import type { HostListener } from "../stack/host/host-listener.ts";
import type { Socket } from "../stack/host/socket.ts";
import { parseIpAddress } from "../stack/ip/ip-address.ts";
import { parseAddress } from "./address.ts";
import { Calls } from "./calls.ts";
import { NetError } from "./errors.ts";
import { DEFAULT_BACKLOG, QueueListener } from "./listener.ts";
import { dialLiteral } from "./literal-dial.ts";
import { callerOf, errorAt, resolve } from "./literals.ts";
import { StackTransport, type StackDriver } from "./stack-transport.ts";
import { StreamConn } from "./stream-conn.ts";
import type {
  Address,
  Conn,
  DialOptions,
  Listener,
  ListenOptions,
  Network,
  TcpAddr,
} from "./types.ts";

/** What a {@link StackNetwork} is made of. */
export interface StackNetworkOptions extends StackDriver {
  readonly host: Host;
  /** For deadlines. */
  readonly clock: Clock;
  /** Who hears of calls. */
  readonly calls?: Calls | undefined;
}

/** {@link Network} over a host. */
export class StackNetwork implements Network {
  readonly #host: Host;
  readonly #clock: Clock;
  readonly #driver: StackDriver;
  readonly #calls: Calls;

  constructor(options: StackNetworkOptions) {
    this.#host = options.host;
    this.#clock = options.clock;
    this.#driver = options;
    this.#calls = options.calls ?? new Calls();
  }

  /** See {@link Network.listen}. */
  async listen(address: Address, options: ListenOptions = {}): Promise<Listener> {
    const call = this.#calls.begin("listen", callerOf("server", address));
    return this.#calls.attempt(call, "listen", () => {
      const at = resolve(parseAddress(address, "listen"), "listen");
      const { signal, backlog = DEFAULT_BACKLOG } = options;
      if (signal?.aborted === true) throw errorAt("listen", at, "aborted", signal.reason);
      const why = this.#host.checkListen(at.hostname, at.port);
      if (why !== null) throw errorAt("listen", at, why);
      const listener = this.#listenAt(at, Math.max(1, backlog));
      this.#calls.made(call, { localAddr: listener.addr });
      return listener;
    });
  }

  /** See {@link Network.dial}. */
  dial(address: Address, options: DialOptions = {}): Promise<Conn> {
    return dialLiteral(address, {
      calls: this.#calls,
      clock: this.#clock,
      options,
      connect: (remote, done, fail) => this.#connect(remote, done, fail),
    });
  }

  #listenAt(at: TcpAddr, backlog: number): QueueListener {
    const below = this.#host.listen(at.hostname, at.port, { backlog });
    const queue = new QueueListener({
      addr: { hostname: at.hostname, port: below.port },
      // Those that wait do so in the host's own queue.
      backlog: 1,
      calls: this.#calls,
      clock: this.#clock,
      onRoom: () => this.#offer(below, queue),
      onClose: () => {
        below.close(this.#driver.nowNs());
        this.#driver.wake();
      },
    });
    below.user = { onReady: () => this.#offer(below, queue) };
    return queue;
  }

  /** Brings connections from the host's queue to who accepts them. */
  #offer(below: HostListener, queue: QueueListener): void {
    while (queue.hasRoom) {
      const socket = below.accept();
      if (socket === null) return;
      queue.offer({
        open: () => this.#open(socket, "server"),
        discard: () => {
          socket.abort(this.#driver.nowNs());
          this.#driver.wake();
        },
      });
    }
  }

  #open(socket: Socket, role: "client" | "server"): StreamConn {
    const transport = new StackTransport(socket, this.#driver, this.#host.profile.keepAlive);
    const localAddr = { hostname: socket.localAddress, port: socket.localPort };
    const remoteAddr = { hostname: socket.remoteAddress, port: socket.remotePort };
    const calls = this.#calls;
    const clock = this.#clock;
    return transport.open(new StreamConn({ transport, role, localAddr, remoteAddr, calls, clock }));
  }

  /** Begins a handshake; returns how to give up. */
  #connect(addr: TcpAddr, done: (conn: Conn) => void, fail: (error: NetError) => void): () => void {
    const nowNs = this.#driver.nowNs();
    if (this.#host.addressFor(parseIpAddress(addr.hostname)) === null) {
      fail(errorAt("dial", addr, "unreachable"));
      return () => {};
    }
    const socket = this.#host.connect(addr.hostname, addr.port, nowNs);
    socket.user = {
      onEvent: (event) => {
        if (event.type === "connected") done(this.#open(socket, "client"));
        else if (event.type === "closed") fail(errorAt("dial", addr, event.error ?? "closed"));
      },
    };
    this.#driver.wake();
    return () => {
      socket.user = null;
      socket.abort(this.#driver.nowNs());
      this.#driver.wake();
    };
  }
}
