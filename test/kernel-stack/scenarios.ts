/** What two programs do over a link: the same whoever is at the far end. */
import type { Conn, Network } from "../../src/net/types.ts";
import type { LinkOptions } from "../../src/stack/link/link.ts";
import type { Pump } from "../../src/node/tun/pump.ts";
import { connected, receiveAll, sendAll } from "./transfer.ts";

const MS = 1e6;
const KB = 1000;
const MB = 1e6;

/** Who does it. */
export interface Cast {
  readonly client: Network;
  readonly server: Network;
  readonly serverIp: string;
  readonly pump: Pump;
}

/** See the module. */
export interface Scenario {
  readonly name: string;
  readonly kind: (typeof LINK_KINDS)[number];
  readonly link: LinkOptions;
  readonly run: (cast: Cast) => Promise<void>;
}

/** How links differ: what tshark finds depends on that. */
export const LINK_KINDS = ["whole", "narrow", "lossy", "reordering"] as const;

/** A link whose queue is what loses: ten milliseconds of it. */
const NARROW: LinkOptions = { delayNs: 5 * MS, bitsPerSecond: 50e6, queue: { packets: 40 } };
/** Loses nothing. */
const SHORT: LinkOptions = { delayNs: 2 * MS, queue: { packets: Infinity } };
const lossy = (p: number): LinkOptions => ({
  seed: 3,
  delayNs: 5 * MS,
  queue: { packets: Infinity },
  loss: { name: "uniform", p },
  reorder: { p: 0.01, byNs: 3 * MS },
});

export const SCENARIOS: readonly Scenario[] = [
  { name: "bulk", kind: "narrow", link: NARROW, run: bulk(3 * MB) },
  { name: "bulk-loss-1", kind: "lossy", link: lossy(0.01), run: bulk(2 * MB) },
  { name: "bulk-loss-5", kind: "lossy", link: lossy(0.05), run: bulk(MB) },
  {
    name: "reordered",
    kind: "reordering",
    link: { ...SHORT, reorder: { p: 0.02, byNs: 3 * MS } },
    run: bulk(2 * MB),
  },
  { name: "both-ways", kind: "lossy", link: lossy(0.01), run: bothWays },
  { name: "ping-pong", kind: "whole", link: SHORT, run: pingPong },
  { name: "stopped-reader", kind: "whole", link: SHORT, run: stoppedReader },
  { name: "slow-reader", kind: "whole", link: SHORT, run: slowReader },
  { name: "half-close", kind: "whole", link: SHORT, run: halfClose },
  { name: "reset", kind: "whole", link: SHORT, run: reset },
  { name: "unread", kind: "whole", link: SHORT, run: unread },
  { name: "short", kind: "whole", link: SHORT, run: shortConnections },
  { name: "refused", kind: "whole", link: SHORT, run: refused },
  { name: "idle", kind: "whole", link: SHORT, run: idle },
];

/** Time that the programs let go by: the kernel's timers know no other. */
function pass(pump: Pump, ms: number): Promise<void> {
  return new Promise((resolve) => pump.after(ms, resolve));
}

function bulk(length: number): Scenario["run"] {
  return async ({ client, server, serverIp }) => {
    const { dialled, accepted } = await connected(client, server, serverIp);
    await Promise.all([sendAll(dialled, length, 1), receiveAll(accepted)]);
    await Promise.all([sendAll(accepted, length, 2), receiveAll(dialled)]);
  };
}

async function bothWays({ client, server, serverIp }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  const all = [dialled, accepted].flatMap((conn) => [sendAll(conn, MB, 1), receiveAll(conn)]);
  await Promise.all(all);
}

async function pingPong({ client, server, serverIp }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  const p = new Uint8Array(100);
  const echo = async (): Promise<void> => {
    const q = new Uint8Array(100);
    for (let n = await accepted.read(q); n !== null; n = await accepted.read(q))
      await accepted.write(q.subarray(0, n));
    accepted.close();
  };
  const echoing = echo();
  for (let i = 0; i < 50; i++) {
    await dialled.write(p);
    await dialled.read(p);
  }
  await dialled.closeWrite();
  await receiveAll(dialled);
  await echoing;
}

async function stoppedReader({ client, server, serverIp, pump }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  for (const [from, to] of [
    [dialled, accepted],
    [accepted, dialled],
  ] as const) {
    const sending = sendAll(from, 2 * MB, 1);
    await pass(pump, 1500);
    await Promise.all([sending, receiveAll(to)]);
  }
}

async function slowReader({ client, server, serverIp, pump }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  for (const [from, to] of [
    [dialled, accepted],
    [accepted, dialled],
  ] as const) {
    const sending = sendAll(from, 2 * MB, 1);
    const p = new Uint8Array(100 * KB);
    for (let i = 0; i < 40; i++) {
      await to.read(p);
      await pass(pump, 20);
    }
    await Promise.all([sending, receiveAll(to)]);
  }
}

async function halfClose({ client, server, serverIp }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  await dialled.write(new Uint8Array(100));
  await dialled.closeWrite();
  await receiveAll(accepted);
  await Promise.all([sendAll(accepted, MB, 1), receiveAll(dialled)]);
}

async function reset({ client, server, serverIp, pump }: Cast): Promise<void> {
  for (const who of ["dialled", "accepted"] as const) {
    const { dialled, accepted } = await connected(client, server, serverIp);
    const one = who === "dialled" ? dialled : accepted;
    const other = one === dialled ? accepted : dialled;
    await one.write(new Uint8Array(100 * KB));
    await other.read(new Uint8Array(10 * KB));
    await pass(pump, 20);
    one.setLinger(0);
    one.close();
    await failed(other);
  }
}

/** Closing with unread bytes resets too. */
async function unread({ client, server, serverIp, pump }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  await dialled.write(new Uint8Array(10 * KB));
  await pass(pump, 20);
  accepted.close();
  await failed(dialled);
}

/** Reads until the connection breaks. */
async function failed(conn: Conn): Promise<string> {
  try {
    await receiveAll(conn);
    return "end";
  } catch (e) {
    return e instanceof Error && "code" in e ? String(e.code) : "unknown";
  }
}

async function shortConnections({ client, server, serverIp }: Cast): Promise<void> {
  for (let i = 0; i < 30; i++) {
    const { dialled, accepted, listener } = await connected(client, server, serverIp);
    const [first, second] = i % 2 === 0 ? [dialled, accepted] : [accepted, dialled];
    await first.write(new Uint8Array(100));
    await first.closeWrite();
    await receiveAll(second);
    second.close();
    await receiveAll(first);
    listener.close();
  }
}

async function refused({ client, server, serverIp }: Cast): Promise<void> {
  const listener = await server.listen({ hostname: serverIp, port: 0 });
  listener.close();
  await client.dial(listener.addr).catch(() => {});
}

async function idle({ client, server, serverIp, pump }: Cast): Promise<void> {
  const { dialled, accepted } = await connected(client, server, serverIp);
  await dialled.write(new Uint8Array(100));
  await accepted.read(new Uint8Array(100));
  dialled.setKeepAlive({ enable: true, idleMs: 1000 });
  await pass(pump, 2500);
  dialled.setKeepAlive({ enable: false });
  accepted.setKeepAlive({ enable: true, idleMs: 1000 });
  await pass(pump, 2500);
  dialled.close();
  await receiveAll(accepted);
  accepted.close();
}
