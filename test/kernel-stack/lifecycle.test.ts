/** Connections between our stack and the Linux kernel, from handshake to TIME-WAIT, dialled by either. */
import { expect } from "vitest";
import type { Conn, Listener } from "../../src/net/types.ts";
import type { TcpEndpoint } from "../../src/stack/types.ts";
import { testWith } from "../needs.ts";
import { FAR_IP, KERNEL_IP, Rig, type RigOptions } from "./rig.ts";
import { connected, receiveAll, sendAll } from "./transfer.ts";

const MS = 1e6;
const KB = 1000;
/** TCP_TIME_WAIT. */
const TIME_WAIT = 6;
const CONNECTIONS = 1000;

const eachRole = testWith("root", "linux", "tun").each(["kernel", "stack"] as const);
type Role = "kernel" | "stack";

interface Joined {
  readonly dialled: Conn;
  readonly accepted: Conn;
  readonly listener: Listener;
  /** The kernel's end of it, and the stack's. */
  readonly kernel: Conn;
  readonly stack: Conn;
}

async function join(rig: Rig, dialler: Role): Promise<Joined> {
  const isKernel = dialler === "kernel";
  const ends = isKernel
    ? await connected(rig.kernel, rig.far, FAR_IP)
    : await connected(rig.far, rig.kernel, KERNEL_IP);
  const { dialled, accepted } = ends;
  const [kernel, stack] = isKernel ? [dialled, accepted] : [accepted, dialled];
  return { ...ends, kernel, stack };
}

function make(options: Partial<RigOptions> = {}): Rig {
  return new Rig({ far: "stack", link: { delayNs: MS }, ...options });
}

function onlyEndpoint(rig: Rig): TcpEndpoint {
  const [endpoint] = rig.endpoints;
  if (endpoint === undefined || rig.endpoints.size > 1) throw new Error("Not one connection");
  return endpoint;
}

async function codeOf(failing: Promise<unknown>): Promise<unknown> {
  const error: unknown = await failing.catch((e: unknown) => e);
  return error instanceof Error && "code" in error ? error.code : "none";
}

eachRole(
  "the %s dials: both agree on window scaling, SACK and timestamps, and use them",
  async (role) => {
    await using rig = make();
    const { kernel, stack } = await join(rig, role);
    await Promise.all([sendAll(kernel, 500 * KB, 1), receiveAll(stack)]);
    const endpoint = onlyEndpoint(rig);
    const status = endpoint.status();
    const info = rig.kernel.info(kernel);
    expect(info).toMatchObject({ timestamps: true, sack: true, windowScaling: true });
    expect(status).toMatchObject({ timestamps: true, sack: true });
    expect([info.sndShift, info.rcvShift]).toEqual([status.rcvShift, status.sndShift]);
    expect(status.sndShift).toBeGreaterThan(0);
    // No window of this size can be told without the scale.
    expect(status.rcvWnd).toBeGreaterThan(65_535);
    await Promise.all([sendAll(stack, 2000 * KB, 2), receiveAll(kernel)]);
    expect(rig.link.forth.counters.arrived).toBeGreaterThan(0);
  },
);

eachRole("the %s dials: half closed, by either, the other direction goes on", async (role) => {
  for (const first of ["kernel", "stack"] as const) {
    await using rig = make();
    const ends = await join(rig, role);
    const [one, other] = first === "kernel" ? [ends.kernel, ends.stack] : [ends.stack, ends.kernel];
    await one.closeWrite();
    expect(await receiveAll(other)).toMatchObject({ bytes: 0 });
    const [sent, received] = await Promise.all([sendAll(other, 300 * KB, 1), receiveAll(one)]);
    expect(received).toEqual(sent);
  }
});

eachRole("the %s dials: a reset by either is a reset at the other", async (role) => {
  for (const first of ["kernel", "stack"] as const) {
    await using rig = make();
    const ends = await join(rig, role);
    const [one, other] = first === "kernel" ? [ends.kernel, ends.stack] : [ends.stack, ends.kernel];
    const reading = codeOf(other.read(new Uint8Array(10)));
    one.setLinger(0);
    one.close();
    expect(await reading).toBe("reset");
    await rig.until(() => rig.host?.connections === 0);
  }
});

eachRole("the %s dials where nobody listens: refused", async (role) => {
  await using rig = make();
  const [from, to, ip] =
    role === "kernel" ? [rig.kernel, rig.far, FAR_IP] : [rig.far, rig.kernel, KERNEL_IP];
  const listener = await to.listen({ hostname: ip, port: 0 });
  listener.close();
  expect(await codeOf(from.dial(listener.addr))).toBe("refused");
});

eachRole(
  "the %s dials: the window closes on a reader that stops, and opens again",
  async (role) => {
    for (const reader of ["kernel", "stack"] as const) {
      await using rig = make({
        kernel: { receiveBuffer: 100 * KB },
        options: { receiveBuffer: 100 * KB },
      });
      const ends = await join(rig, role);
      const [from, to] = reader === "stack" ? [ends.kernel, ends.stack] : [ends.stack, ends.kernel];
      const endpoint = onlyEndpoint(rig);
      const sending = sendAll(from, 3000 * KB, 1);
      await rig.until(
        () => (reader === "stack" ? endpoint.status().rcvWnd : endpoint.status().sndWnd) === 0,
      );
      // Long enough for probes.
      await new Promise<void>((resolve) => rig.pump.after(700, resolve));
      expect(await receiveAll(to)).toEqual(await sending);
    }
  },
);

eachRole(`the %s dials ${CONNECTIONS} times, each a request and an answer`, async (role) => {
  await using rig = make({ link: {}, profile: { mslNs: 50 * MS } });
  const isKernel = role === "kernel";
  const [from, to, ip] = isKernel
    ? [rig.kernel, rig.far, FAR_IP]
    : [rig.far, rig.kernel, KERNEL_IP];
  const listener = await to.listen({ hostname: ip, port: 0 });
  const began = performance.now();
  const serving = serve(listener);
  for (let done = 0; done < CONNECTIONS; done += 20)
    await Promise.all(Array.from({ length: 20 }, () => ask(() => from.dial(listener.addr))));
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`${role} dials: ${Math.round(CONNECTIONS / seconds)} connections/s\n`);
  listener.close();
  expect(await serving).toBe(CONNECTIONS);
  await rig.until(() => rig.host?.connections === 0);
});

async function serve(listener: Listener): Promise<number> {
  let count = 0;
  for await (const conn of listener) {
    count++;
    void answer(conn);
  }
  return count;
}

async function answer(conn: Conn): Promise<void> {
  const p = new Uint8Array(100);
  const n = await conn.read(p);
  await conn.write(p.subarray(0, n ?? 0));
  conn.close();
}

async function ask(dial: () => Promise<Conn>): Promise<void> {
  const conn = await dial();
  await conn.write(new Uint8Array(64));
  expect(await receiveAll(conn)).toMatchObject({ bytes: 64 });
  conn.close();
}

eachRole(
  "the %s dials: keep-alive finds out that the other is gone, at either end",
  async (role) => {
    for (const prober of ["kernel", "stack"] as const) {
      const keepAlive = { idleNs: 1000 * MS, intervalNs: 200 * MS, count: 3 };
      await using rig = make({ profile: { keepAlive } });
      const ends = await join(rig, role);
      const conn = ends[prober];
      conn.setKeepAlive({ enable: true, idleMs: 1000 });
      const reading = codeOf(conn.read(new Uint8Array(1)));
      // The first probe is answered.
      await new Promise<void>((resolve) => rig.pump.after(1500, resolve));
      rig.isCut = true;
      expect(await reading).toBe("timeout");
    }
  },
);

eachRole(
  "the %s dials: who closes first waits in TIME-WAIT, and gives way to a new connection",
  async (role) => {
    for (const first of ["kernel", "stack"] as const) {
      await using rig = make({ profile: { mslNs: 500 * MS } });
      const { kernel, stack, listener, dialled } = await join(rig, role);
      const [one, other] = first === "kernel" ? [kernel, stack] : [stack, kernel];
      await one.closeWrite();
      await receiveAll(other);
      await other.closeWrite();
      await receiveAll(one);
      one.close();
      other.close();
      if (first === "kernel") {
        await rig.until(() => rig.kernel.states().join() === `${TIME_WAIT}`);
        await rig.until(() => rig.host?.connections === 0);
      } else {
        await rig.until(() => onlyEndpoint(rig).state === "TIME-WAIT");
        await rig.until(() => rig.kernel.states().length === 0);
        expect(onlyEndpoint(rig).state).toBe("TIME-WAIT");
      }
      // The same four numbers again, from who dialled before, if it is not the one that waits.
      if (first !== role) await dialAgain(rig, role, dialled.localAddr.port, listener);
      await rig.until(() => rig.host?.connections === 0 || first !== role);
    }
  },
);

async function dialAgain(
  rig: Rig,
  role: Role,
  localPort: number,
  listener: Listener,
): Promise<void> {
  const accepting = listener.accept();
  if (role === "kernel") {
    await rig.kernel.dial(listener.addr, {}, localPort);
  } else {
    rig.host?.connect(KERNEL_IP, listener.addr.port, rig.pump.nowNs(), { localPort });
    rig.pump.wake();
  }
  expect((await accepting).remoteAddr.port).toBe(localPort);
}
