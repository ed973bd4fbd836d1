/** What the programs beside it begin with: the compiled stack, pairs of ends, and what is used of the machine. */
import { pathToFileURL } from "node:url";

const told = process.env.SEQACK_DIST;
const dist =
  told === undefined ? new URL("../../dist/", import.meta.url) : pathToFileURL(`${told}/`);

/** A file of `dist/`, or of the compiled copy that `SEQACK_DIST` names. */
export const load = (path) => import(new URL(path, dist).href);

const { linux } = await load("stack/tcp/profile.js");
const { Host } = await load("stack/host/host.js");
const { Cable } = await load("stack/device/cable.js");

/** Linux's, with timestamps only if told: lwIP and smoltcp send none. */
export const profileOf = ({ timestamps = false, ...more } = {}) => ({
  ...linux,
  timestamps,
  ...more,
});

/** Two hosts with a cable between them. */
export function makeHosts({ mtu, ...init }) {
  const { a, b } = new Cable(mtu);
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
