/**
 * Runs a random case, and says what is wrong with how it ended: every byte
 * arrives once and in order, or the connection fails with the right error;
 * nothing is left afterwards.
 *
 * @module
 */
import type { Device } from "../../stack/device/device.ts";
import { Host } from "../../stack/host/host.ts";
import type { HostListener } from "../../stack/host/host-listener.ts";
import { Link } from "../../stack/link/link.ts";
import { Simulation } from "../../stack/simulation.ts";
import { randomCase, type Case, type End } from "./case.ts";
import { Program, type Plan } from "./program.ts";

/** Longer than any timer of TCP goes on for one segment. */
const LONG_NS = 48 * 3600e9;

const SERVER = "10.0.0.2";

/** One end, and what it was to do. */
interface Side {
  readonly name: string;
  readonly program: Program;
  readonly plan: Plan;
}

interface Run {
  readonly sim: Simulation;
  readonly link: Link;
  readonly hosts: readonly Host[];
  readonly listener: HostListener;
  readonly client: Program;
  readonly server: Program;
}

/** How a case ended, and what is wrong with that. */
export interface Outcome {
  readonly client: Program;
  readonly server: Program;
  /** Nothing, if all is well. */
  readonly wrong: readonly string[];
}

/** Runs case number `seed`. */
export function outcome(seed: number): Outcome {
  const random = randomCase(seed);
  const run = start(random);
  const isQuiet = run.sim.run(LONG_NS) === "quiet";
  const client: Side = { name: "client", program: run.client, plan: random.client.plan };
  const server: Side = { name: "server", program: run.server, plan: random.server.plan };
  const wrong = [
    ...(isQuiet ? leftovers(run) : ["timers without end"]),
    ...ends(client, server, random.isGood),
    ...ends(server, client, random.isGood),
    ...bytes(client, server),
    ...bytes(server, client),
  ];
  return { client: run.client, server: run.server, wrong };
}

function start(random: Case): Run {
  const sim = new Simulation();
  const link = new Link(random.link);
  const host = (address: string, device: Device, { profile, options }: End): Host =>
    sim.add(
      new Host({ addresses: [address], device: withOutage(device, random.down), profile, options }),
    );
  const clientHost = host("10.0.0.1", link.a, random.client);
  const serverHost = host(SERVER, link.b, random.server);
  const client = new Program(sim, random.client.plan, 1, 2);
  const server = new Program(sim, random.server.plan, 2, 1);
  const listener = serverHost.listen(SERVER, 80);
  listener.user = {
    onReady() {
      const socket = listener.accept();
      if (socket !== null) socket.user = server;
    },
  };
  client.socket = clientHost.connect(SERVER, 80, 0);
  client.socket.user = client;
  return { sim, link, hosts: [clientHost, serverHost], listener, client, server };
}

/** `device`, deaf while the link is down. */
function withOutage(device: Device, down: Case["down"]): Device {
  if (down === null) return device;
  const isDown = (nowNs: number): boolean => nowNs >= down.fromNs && nowNs < down.untilNs;
  return {
    mtu: device.mtu,
    send: (packet, nowNs) => device.send(packet, nowNs),
    pollAt: () => device.pollAt(),
    poll(nowNs) {
      let packet = device.poll(nowNs);
      while (packet !== null && isDown(nowNs)) packet = device.poll(nowNs);
      return packet;
    },
  };
}

/** Timers, connections, packets and buffers. */
function leftovers({ sim, link, hosts, listener, client, server }: Run): string[] {
  const wrong: string[] = [];
  if (sim.nextNs !== Infinity) wrong.push("a timer is left");
  if (hosts.some((host) => host.connections > 0)) wrong.push("a connection is left");
  if (listener.tcp.halfOpen + listener.tcp.ready > 0) wrong.push("the listener is not empty");
  if (link.forth.underWay + link.back.underWay > 0) wrong.push("a packet is left");
  for (const { socket } of [client, server]) {
    const { state, sendQueue, receiveQueue, outOfOrder } = socket?.endpoint.status() ?? EMPTY;
    if (state !== "CLOSED") wrong.push(`in ${state}`);
    if (sendQueue + receiveQueue + outOfOrder > 0)
      wrong.push(`buffers: ${sendQueue} to send, ${receiveQueue} to read, ${outOfOrder} ahead`);
  }
  return wrong;
}

const EMPTY = { state: "CLOSED", sendQueue: 0, receiveQueue: 0, outOfOrder: 0 } as const;

/** The end is told once, and with an error that there is a reason for. */
function ends(own: Side, peer: Side, isGood: boolean): string[] {
  const { program, plan } = own;
  const told = program.ends.join(" then ");
  const wrong = (why: string): string[] => [`${own.name} (${plan.ends}): ${told}: ${why}`];
  if (program.ends.length === 0) return program.socket === null ? [] : wrong("no end was told");
  if (program.ends.length > 1) return wrong("told twice");
  switch (program.ends[0] ?? "well") {
    case "well":
      return [];
    case "aborted":
      return plan.ends === "half" ? wrong("it did not abort") : [];
    case "timeout":
      return isGood ? wrong("on a good link") : [];
    case "reset":
      return hasReset(own, peer, isGood) ? [] : wrong("by nobody");
    case "refused":
    case "unreachable":
      return wrong("nobody said so");
  }
}

/** Whether there is a reason for a RST of `peer` that `own` got. */
function hasReset(own: Side, peer: Side, isGood: boolean): boolean {
  if (own.plan.ends !== "half" || peer.plan.ends !== "half") return true;
  if (isGood) return false;
  // The peer gave up, or has left TIME-WAIT before the last ACK of our FIN came through.
  return peer.program.ends[0] !== "well" || isWhole(own, peer);
}

function isWhole(a: Side, b: Side): boolean {
  return a.program.received === b.plan.length && b.program.received === a.plan.length;
}

/** Who ended well has sent and received everything, unless one of both did not want to. */
function bytes(own: Side, peer: Side): string[] {
  if (own.program.ends[0] !== "well") return [];
  if (own.plan.ends !== "half" || peer.plan.ends !== "half" || isWhole(own, peer)) return [];
  const { received } = own.program;
  return [
    `${own.name} ended well with ${received} of ${peer.plan.length} bytes, and its peer with ${peer.program.received} of ${own.plan.length}`,
  ];
}
