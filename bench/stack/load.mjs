/** What the programs beside it begin with: the compiled stack, pairs of ends, and what is used of the machine. */
import { pathToFileURL } from "node:url";

const told = process.env.SEQACK_DIST;
const dist =
  told === undefined ? new URL("../../dist/", import.meta.url) : pathToFileURL(`${told}/`);

/** A file of `dist/`, or of the compiled copy that `SEQACK_DIST` names. */
export const load = (path) => import(new URL(path, dist).href);

const { linux } = await load("stack/tcp/profile.js");
const { Host } = await load("stack/host/host.js");

/** Linux's, with timestamps only if told: lwIP and smoltcp send none. */
export const profileOf = ({ timestamps = false, ...more } = {}) => ({
  ...linux,
  timestamps,
  ...more,
});

/** One end of a cable: what the other has sent, in order, at once. */
class Plug {
  constructor(mtu) {
    this.mtu = mtu;
    this.packets = [];
    this.at = 0;
    this.peer = null;
  }

  send(packet) {
    this.peer.packets.push(packet);
  }

  poll() {
    if (this.at === this.packets.length) return null;
    const packet = this.packets[this.at++];
    if (this.at === this.packets.length) {
      this.packets.length = 0;
      this.at = 0;
    }
    return packet;
  }

  pollAt() {
    return this.at === this.packets.length ? Infinity : -Infinity;
  }
}

/** Two devices that hear each other. */
export function makeCable(mtu) {
  const [a, b] = [new Plug(mtu), new Plug(mtu)];
  a.peer = b;
  b.peer = a;
  return [a, b];
}

/** Two hosts with a cable between them. */
export function makeHosts({ mtu, ...init }) {
  const [a, b] = makeCable(mtu);
  return [
    new Host({ addresses: ["10.0.0.1"], device: a, ...init }),
    new Host({ addresses: ["10.0.0.2"], device: b, ...init }),
  ];
}

/** Bytes that JavaScript holds, garbage taken away; needs `--expose-gc`. */
export function heldBytes() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, external } = process.memoryUsage();
  // `external` has the array buffers.
  return heapUsed + external;
}

/** Seconds of wall and of CPU since `before`; all threads count: compiler and collector run beside. */
export function usedSince(before) {
  const { user, system } = process.cpuUsage(before.cpu);
  return { cpuS: (user + system) / 1e6, wallS: (performance.now() - before.wallMs) / 1000 };
}

export const startClock = () => ({ cpu: process.cpuUsage(), wallMs: performance.now() });
