/**
 * Endpoints by their ports, and what is behind them: the socket that holds one, the IP header that
 * it wants.
 *
 * @module
 */
import type { TcpEndpoint } from "../../../stack/types.ts";
import type { FlowWatch } from "./flow-watch.ts";
import type { IpChoice, Socket } from "./socket.ts";

/** One connection; the peer's address is always the same. */
export interface Flow {
  readonly endpoint: TcpEndpoint;
  /** It began with connect(2). */
  readonly isActive: boolean;
  /** `null`: nobody has accepted it yet, or its socket was closed. */
  socket: Socket | null;
  ip: () => IpChoice;
  readonly watch: FlowWatch;
  /** What the ICMP message that is being taken is called by the host's sockets. */
  icmpErrno?: string | null;
}

const keyOf = (localPort: number, remotePort: number): number => localPort * 65_536 + remotePort;

/** All connections of a stack. */
export class Flows {
  readonly #flows = new Map<number, Flow>();

  add(flow: Flow): void {
    this.#flows.set(keyOf(flow.endpoint.localPort, flow.endpoint.remotePort), flow);
  }

  find(localPort: number, remotePort: number): Flow | undefined {
    return this.#flows.get(keyOf(localPort, remotePort));
  }

  ofEndpoint(endpoint: TcpEndpoint): Flow | undefined {
    return this.all().find((flow) => flow.endpoint === endpoint);
  }

  all(): Flow[] {
    return [...this.#flows.values()];
  }

  delete(flow: Flow): void {
    this.#flows.delete(keyOf(flow.endpoint.localPort, flow.endpoint.remotePort));
  }

  /** When the first of them wants to be polled. */
  pollAt(): number {
    let first = Infinity;
    for (const { endpoint } of this.#flows.values()) first = Math.min(first, endpoint.pollAt());
    return first;
  }
}
