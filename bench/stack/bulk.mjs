/**
 * One bulk connection through our stack, both ends in this process: prints a line of JSON.
 *
 * ```sh
 * node bench/stack/bulk.mjs '{"over":"hosts","mss":1460,"checksums":true,"buffer":65535,"bytes":2e9}'
 * node --cpu-prof --cpu-prof-dir=/tmp/prof bench/stack/bulk.mjs '{"over":"endpoints","mss":1460,"bytes":2e9}'
 * ```
 *
 * `over`: `endpoints` hand each other segments, `hosts` exchange packets over a cable, `loopback` is one host that
 * talks to itself, without packets and checksums. `buffer`: bytes of the send and the receive buffer, `null`: the profile's.
 * `SEQACK_DIST` names another compiled copy than `dist/`. The first {@link WARM} of the bytes do not count.
 */
import { load, makeHosts, profileOf, startClock, usedSince } from "./load.mjs";

const HEADERS = 40;
const WARM = 0.25;
/** What the user gives and takes at once. */
const CHUNK = 65_536;
/** What time moves on by in each round. */
const STEP_NS = 50_000;
const SERVER_PORT = 80;

const {
  over,
  mss,
  bytes,
  checksums = false,
  buffer = null,
  timestamps,
} = JSON.parse(process.argv[2]);
const init = {
  mtu: mss + HEADERS,
  profile: profileOf({ timestamps }),
  options: buffer === null ? {} : { sendBuffer: buffer, receiveBuffer: buffer },
};
const given = new Uint8Array(CHUNK).map((_, i) => i * 7);
const taken = new Uint8Array(CHUNK);

/** Sends as much as is taken, until `left.bytes` are. */
function give(to, left, nowNs) {
  while (left.bytes > 0) {
    const n = to.send(left.bytes < CHUNK ? given.subarray(0, left.bytes) : given, nowNs);
    left.bytes -= n;
    if (n < CHUNK) return;
  }
}

/** Takes all there is: how much. */
function take(from, nowNs) {
  let total = 0;
  for (;;) {
    const n = from.receive(taken, nowNs);
    if (n === null || n === 0) return total;
    total += n;
    if (n < CHUNK) return total;
  }
}

/** Two endpoints, driven as `types.ts` says: after each segment, `poll` until `null`, then the events. */
async function runEndpoints() {
  const { makeEndpoint } = await load("stack/tcp/endpoint.js");
  const own = { ipHeaderLen: 20, iss: 0xffff_0000, ...init };
  const a = makeEndpoint({ ...own, localPort: 40_000, remotePort: SERVER_PORT });
  const b = makeEndpoint({ ...own, localPort: SERVER_PORT, remotePort: 40_000 });
  let nowNs = 0;
  b.listen();
  a.connect(nowNs);
  const [toA, left] = [[], { bytes: 0 }];
  const done = { bytes: 0, segments: 0 };
  const deliver = (segment) => {
    done.segments++;
    b.onSegment(segment, nowNs);
    for (let s = b.poll(nowNs); s !== null; s = b.poll(nowNs)) toA.push(s);
    for (let e = b.pollEvent(); e !== null; e = b.pollEvent()) {
      if (e.type !== "readable") continue;
      done.bytes += take(b, nowNs);
      for (let s = b.poll(nowNs); s !== null; s = b.poll(nowNs)) toA.push(s);
    }
  };
  return {
    done,
    move(count) {
      const end = done.bytes + count;
      left.bytes = count;
      while (done.bytes < end) {
        nowNs += STEP_NS;
        const before = done.segments;
        give(a, left, nowNs);
        for (let s = a.poll(nowNs); s !== null; s = a.poll(nowNs)) deliver(s);
        for (let i = 0; i < toA.length; i++) {
          done.segments++;
          a.onSegment(toA[i], nowNs);
          for (let s = a.poll(nowNs); s !== null; s = a.poll(nowNs)) deliver(s);
        }
        toA.length = 0;
        while (a.pollEvent() !== null);
        // Nothing moved: a delayed ACK is waited for.
        if (done.segments === before) nowNs = next(nowNs, [a, b]);
        for (let s = b.poll(nowNs); s !== null; s = b.poll(nowNs)) toA.push(s);
      }
    },
  };
}

/** When one of them has something to do, not before `nowNs`. */
function next(nowNs, all) {
  const dueNs = Math.min(...all.map((one) => one.pollAt()));
  if (dueNs === Infinity) throw new Error("the transfer stands still: nobody has anything to do");
  return Math.max(nowNs, dueNs);
}

/** Two hosts or one, polled until nothing is left to do. */
async function runHosts() {
  const all = await makePair();
  const [client, server] = [all[0], all.at(-1)];
  const to = all.length === 1 ? "10.0.0.1" : "10.0.0.2";
  let nowNs = 0;
  const [left, done] = [{ bytes: 0 }, { bytes: 0, segments: 0 }];
  const listener = server.listen("0.0.0.0", SERVER_PORT);
  const reader = {
    onEvent(event, socket, atNs) {
      if (event.type === "readable") done.bytes += take(socket, atNs);
    },
  };
  listener.user = { onReady: () => void (listener.accept().user = reader) };
  const socket = client.connect(to, SERVER_PORT, nowNs);
  socket.user = {
    onEvent(event, writer, atNs) {
      if (event.type === "writable" || event.type === "connected") give(writer, left, atNs);
    },
  };
  return {
    done,
    move(count) {
      const end = done.bytes + count;
      left.bytes = count;
      give(socket, left, nowNs);
      while (done.bytes < end) {
        for (const host of all) host.poll(nowNs);
        if (done.bytes < end) nowNs = next(nowNs + STEP_NS, all);
      }
      done.segments = all.reduce((sum, host) => sum + host.counters.received, 0);
    },
  };
}

async function makePair() {
  // A host to itself makes no packets: the size of its segments is an option of the socket.
  const maxSegment = over === "loopback" ? { maxSegment: mss } : {};
  const told = { ...init, options: { ...init.options, ...maxSegment }, checksums };
  if (over === "hosts") return makeHosts(told);
  const { Host } = await load("stack/host/host.js");
  const { Loopback } = await load("stack/device/loopback.js");
  return [new Host({ addresses: ["10.0.0.1"], device: new Loopback(), ...told })];
}

const run = await (over === "endpoints" ? runEndpoints() : runHosts());
run.move(bytes * WARM);
const [warm, clock] = [{ ...run.done }, startClock()];
run.move(bytes);
const used = usedSince(clock);
console.log(
  JSON.stringify({
    ...used,
    bytes: run.done.bytes - warm.bytes,
    segments: run.done.segments - warm.segments,
  }),
);
