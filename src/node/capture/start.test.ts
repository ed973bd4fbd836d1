// oxlint-disable vitest/no-standalone-expect -- testWith() makes the test blocks
import { spawnSync } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { parseHex } from "../../base/bytes.ts";
import { EpbFlag, type CaptureSink, type PacketRecord } from "../../pcap/sink.ts";
import { testWith } from "../../../test/needs.ts";
import { needFfi } from "../ffi.ts";
import { bringUp, interfaceIndex } from "../interfaces.ts";
import type { CaptureOptions, LiveCapture } from "./live.ts";
import { PacketSocket } from "./packet-socket.ts";
import { startCapture } from "./start.ts";

const CLONE_NEWNET = 0x4000_0000;

/** From here on this file's process has a network of its own: a loopback, and nothing else. */
function ownNetwork(): void {
  const unshare = needFfi().koffi.load(null).func("int unshare(int)");
  expect(unshare(CLONE_NEWNET)).toBe(0);
  expect(bringUp("lo")).toBe(true);
}

/** The last four bytes of each packet, as a number. */
function numbersSeen(): { seen: number[]; sink: CaptureSink } {
  const seen: number[] = [];
  const onPacket = (p: PacketRecord): void => {
    seen.push(p.view.getUint32(p.at + p.capLen - 4));
  };
  return { seen, sink: { onPacket } };
}

async function listener(): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

async function sendNumbers(socket: Socket, from: number, to: number): Promise<void> {
  const { port } = socket.address();
  for (let i = from; i < to; i++) {
    const payload = Buffer.alloc(100);
    payload.writeUInt32BE(i, 96);
    await new Promise((sent) => socket.send(payload, port, "127.0.0.1", sent));
  }
}

const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

async function captureOnLo(options: Omit<CaptureOptions, "interface">): Promise<LiveCapture> {
  return startCapture({ interface: "lo", ...options });
}

testWith("linux", "root")(
  "every packet on a loopback is seen exactly once, in order, up to stop()",
  async () => {
    ownNetwork();
    const socket = await listener();
    const { seen, sink } = numbersSeen();
    const capture = await captureOnLo({ sink, filter: `udp port ${socket.address().port}` });
    await sendNumbers(socket, 0, 5000);
    const end = await capture.stop();
    socket.close();
    expect(seen).toEqual(upTo(5000));
    expect(end).toEqual({ captured: 5000, received: 5000, dropped: 0, why: null });
  },
);

testWith("linux", "root")(
  "stop() right after a packet was sent still delivers it, every time",
  async () => {
    ownNetwork();
    const socket = await listener();
    for (let round = 0; round < 10; round++) {
      const { seen, sink } = numbersSeen();
      const capture = await captureOnLo({ sink });
      await sendNumbers(socket, 0, 1);
      await capture.stop();
      expect(seen).toEqual([0]);
    }
    socket.close();
  },
);

testWith("linux", "root")(
  "a count ends the capture by itself, with exactly that many",
  async () => {
    ownNetwork();
    const socket = await listener();
    const { seen, sink } = numbersSeen();
    const capture = await captureOnLo({ sink, count: 7 });
    await sendNumbers(socket, 0, 20);
    const end = await capture.ended;
    socket.close();
    expect(seen).toEqual(upTo(7));
    expect(end).toMatchObject({ captured: 7, dropped: 0, why: null });
  },
);

testWith("linux", "root")("times are the kernel's, in nanoseconds, and never go back", async () => {
  ownNetwork();
  const socket = await listener();
  const times: bigint[] = [];
  const sink = {
    onPacket: (p: PacketRecord) => void times.push(BigInt(p.sec) * 1_000_000_000n + BigInt(p.nsec)),
  };
  const capture = await captureOnLo({ sink });
  await sendNumbers(socket, 0, 200);
  await capture.stop();
  socket.close();
  expect(times).toHaveLength(200);
  expect(times.toSorted((a, b) => Number(a - b))).toEqual(times);
  expect(times.some((t) => t % 1000n !== 0n)).toBe(true);
});

testWith("linux", "root")(
  "packets that find no room are counted: a slow sink loses none silently",
  async () => {
    ownNetwork();
    const socket = await listener();
    const losses: number[] = [];
    let packets = 0;
    const capture = await captureOnLo({
      ringBytes: 1,
      sink: {
        onPacket: () => void packets++,
        onStats: (s) => void losses.push(s.dropped ?? 0),
      },
    });
    // The worker's queue takes 64 MiB: this thread does not turn to it while it sends synchronously.
    const { port } = socket.address();
    const sender = spawnSync(process.execPath, ["-e", FLOOD, String(port)]);
    expect(sender.status).toBe(0);
    const end = await capture.stop();
    socket.close();
    expect(end.dropped).toBeGreaterThan(0);
    expect(end.captured).toBe(packets);
    expect(end.received).toBe(end.captured + end.dropped);
    expect(losses.at(-1)).toBe(end.dropped);
  },
);

/** Sends 160 MB in datagrams of 32 KB. */
const FLOOD = `
const s = require("node:dgram").createSocket("udp4"), b = Buffer.alloc(32000);
let n = 0;
const next = () => n++ < 5000 ? s.send(b, +process.argv[1], "127.0.0.1", next) : s.close();
next();`;

testWith("linux", "root")(
  "a TCP transfer: what the kernel knows of each segment is kept",
  async () => {
    ownNetwork();
    const server = createServer((s) => s.resume().end());
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    spawnSync("ip", ["link", "set", "lo", "mtu", "1500"]);
    const segments: { flags: number; gsoSize: number; len: number }[] = [];
    const capture = await captureOnLo({
      filter: `tcp port ${port}`,
      sink: {
        onPacket: (p) => void segments.push({ flags: p.flags, gsoSize: p.gsoSize, len: p.origLen }),
      },
    });
    const client = connect(port, "127.0.0.1");
    client.end(Buffer.alloc(20_000));
    await once(client.resume(), "close");
    const end = await capture.stop();
    server.close();
    expect(end.captured).toBe(segments.length);
    const big = segments.filter((s) => s.len > 1514);
    expect(big.length).toBeGreaterThan(0);
    for (const { flags, gsoSize } of big) {
      expect(gsoSize).toBe(1448);
      expect(flags & EpbFlag.TCP_SEGMENTATION_OFFLOADED).not.toBe(0);
    }
    // Nothing computes checksums on a loopback, and no direction is the only one.
    expect(segments.every((s) => (s.flags & EpbFlag.CHECKSUM_NOT_READY) !== 0)).toBe(true);
    expect(segments.every((s) => (s.flags & EpbFlag.DIRECTION) === 0)).toBe(true);
  },
);

testWith("linux", "root")(
  "any: each interface has its own name, and the loopback shows packets once",
  async () => {
    ownNetwork();
    ip("link add left type veth peer name right");
    ip("addr add 10.9.9.1/24 dev left");
    ip("link set left up");
    ip("link set right up");
    const seen: string[] = [];
    const capture = await startCapture({
      interface: "any",
      filter: "udp port 4711",
      sink: {
        onPacket(p) {
          const out = (p.flags & EpbFlag.DIRECTION) === EpbFlag.OUTBOUND;
          seen.push(
            `${capture.interfaces[p.iface]!.name} ${p.linkType} ${out ? "out" : ""}`.trim(),
          );
        },
      },
    });
    ip("neigh add 10.9.9.2 lladdr 02:00:00:00:00:02 dev left");
    const socket = createSocket("udp4");
    await new Promise((sent) => socket.send("hello", 4711, "127.0.0.1", sent));
    await new Promise((sent) => socket.send("hello", 4711, "10.9.9.2", sent));
    socket.close();
    await capture.stop();
    expect(seen).toEqual(["lo 1", "left 1 out", "right 1"]);
  },
);

testWith("linux", "root")(
  "an interface that goes down ends the capture; what was captured is kept",
  async () => {
    ownNetwork();
    ip("link add gone type veth peer name other");
    ip("link set gone up");
    ip("link set other up");
    const { sink } = numbersSeen();
    const capture = await startCapture({ interface: "gone", sink });
    ip("link del gone");
    const end = await capture.ended;
    expect(end.why?.en).toBe("the interface gone went down");
  },
);

testWith(
  "linux",
  "root",
  "ip",
)("a VLAN tag that the kernel took out is put back", async () => {
  ownNetwork();
  ip("link add tagged type veth peer name trunk");
  ip("link set tagged up");
  ip("link set trunk up");
  const heads: string[] = [];
  const lengths: number[] = [];
  const capture = await startCapture({
    interface: "trunk",
    filter: "udp port 4711",
    direction: "in",
    sink: {
      onPacket({ view, at, capLen, origLen }) {
        heads.push(view.getBigUint64(at + 10).toString(16));
        lengths.push(capLen, origLen);
      },
    },
  });
  const sender = new PacketSocket();
  sender.listen(interfaceIndex("tagged")!);
  needFfi().libc.write(sender.fd, TAGGED, TAGGED.length);
  sender.close();
  await capture.stop();
  expect(heads.map((head) => head.slice(-12))).toEqual(["810000070800"]);
  expect(lengths).toEqual([51, 51]);
});

/** VLAN 7, IPv4, UDP to port 4711, five bytes. */
const TAGGED = parseHex(
  `020000000002 020000000001 8100 0007 0800
   4500 0021 0000 0000 40 11 0000 0a090801 0a090802
   1000 1267 000d 0000 68656c6c6f`.replaceAll("\n", " "),
);

testWith(
  "linux",
  "root",
  "tshark",
)("the file holds what was sent: tshark reads it, with the drop counter", async () => {
  ownNetwork();
  const folder = mkdtempSync(join(tmpdir(), "seqack-capture-"));
  const path = join(folder, "new.pcapng");
  const socket = await listener();
  const { seen, sink } = numbersSeen();
  const filter = `udp port ${socket.address().port}`;
  const file = { to: path, application: "seqack test" };
  const capture = await captureOnLo({ sink, file, filter });
  await sendNumbers(socket, 0, 500);
  await capture.stop();
  socket.close();
  const fields = ["-T", "fields", "-e", "frame.interface_name", "-e", "udp.payload"];
  const { stdout } = spawnSync("tshark", ["-r", path, ...fields], { encoding: "utf8" });
  const rows = stdout.trimEnd().split("\n");
  const numbers = rows.map((row) => Number.parseInt(row.slice(-8), 16));
  expect(numbers).toEqual(upTo(500));
  expect(seen).toEqual(numbers);
  expect(rows[0]).toMatch(/^lo\t/);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  rmSync(folder, { recursive: true });
});

testWith("linux", "root")("headers only: no byte of the payload is kept", async () => {
  ownNetwork();
  const socket = await listener();
  const lengths: number[][] = [];
  const capture = await captureOnLo({
    snapLen: "headers",
    sink: { onPacket: (p) => void lengths.push([p.capLen, p.origLen]) },
  });
  await sendNumbers(socket, 0, 1);
  await capture.stop();
  socket.close();
  expect(lengths).toEqual([[42, 142]]);
});

testWith("linux", "root")("a sink that throws ends the capture with its error", async () => {
  ownNetwork();
  const socket = await listener();
  const boom = new Error("boom");
  const sink: CaptureSink = {
    onPacket: () => {
      throw boom;
    },
  };
  const capture = await captureOnLo({ sink });
  await sendNumbers(socket, 0, 3);
  await expect(capture.ended).rejects.toBe(boom);
  socket.close();
});

testWith("linux", "root")("an older file stays when the capture does not start", async () => {
  ownNetwork();
  const folder = mkdtempSync(join(tmpdir(), "seqack-capture-"));
  const path = join(folder, "old.pcapng");
  writeFileSync(path, "precious");
  const file = { to: path, application: "seqack test" };
  await expect(startCapture({ interface: "nope", file })).rejects.toThrow(/no interface "nope"/);
  await expect(captureOnLo({ filter: "tcp porx", file })).rejects.toThrow(/filter/);
  expect(readFileSync(path, "utf8")).toBe("precious");
  rmSync(folder, { recursive: true });
});

function ip(args: string): void {
  const { status, stderr } = spawnSync("ip", args.split(" "), { encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
}
