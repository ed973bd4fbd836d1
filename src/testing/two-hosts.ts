/**
 * Two hosts on one link in a simulation, for tests.
 *
 * @module
 */
import { Host } from "../stack/host/host.ts";
import type { HostInit } from "../stack/host/host-options.ts";
import type { HostListener } from "../stack/host/host-listener.ts";
import type { Socket } from "../stack/host/socket.ts";
import { Link, type LinkOptions } from "../stack/link/link.ts";
import { Simulation } from "../stack/simulation.ts";
import { linux } from "../stack/tcp/profile.ts";
import { TransferUser } from "./stack-transfer.ts";

/** The two hosts, and what is between them. */
export interface TwoHosts {
  readonly sim: Simulation;
  readonly link: Link;
  /** 10.0.0.1 and 2001:db8::1. */
  readonly client: Host;
  /** 10.0.0.2 and 2001:db8::2. */
  readonly server: Host;
}

/** Hosts on a link; `init` is for both. */
export function twoHosts(link: LinkOptions = {}, init: Partial<HostInit> = {}): TwoHosts {
  const sim = new Simulation();
  const between = new Link(link);
  const host = (n: number): Host => {
    const addresses = [`10.0.0.${n}`, `2001:db8::${n}`, "127.0.0.1", "::1"];
    const device = n === 1 ? between.a : between.b;
    return sim.add(new Host({ addresses, device, profile: linux, ...init }));
  };
  return { sim, link: between, client: host(1), server: host(2) };
}

/** How much goes each way. */
export interface TransferInit {
  readonly up: number;
  readonly down: number;
  readonly to?: string | undefined;
}

/** Both users of one connection, and the client's end of it. */
export interface Transfer {
  readonly client: TransferUser;
  readonly server: TransferUser;
  readonly socket: Socket;
  readonly listener: HostListener;
}

/** Begins a connection to port 80 on which both send and then close. */
export function startTransfer({ sim, client, server }: TwoHosts, init: TransferInit): Transfer {
  const { up, down, to = "10.0.0.2" } = init;
  const users = { client: new TransferUser(1, up, 2), server: new TransferUser(2, down, 1) };
  const listener = server.listen(to, 80);
  listener.user = {
    onReady() {
      for (let s = listener.accept(); s !== null; s = listener.accept()) s.user = users.server;
    },
  };
  const socket = client.connect(to, 80, sim.nowNs);
  socket.user = users.client;
  return { ...users, socket, listener };
}
