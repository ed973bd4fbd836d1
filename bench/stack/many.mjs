/**
 * Many connections at once between two hosts of ours in this process: set up, a little said in turns, closed.
 * Prints a line of JSON.
 *
 * ```sh
 * node --expose-gc bench/stack/many.mjs '{"count":10000,"turns":10,"checksums":false}'
 * ```
 *
 * CPU seconds and segments of each phase, after one with fewer connections that does not count. Memory is what JavaScript
 * holds after a collection, in bytes a connection, both ends and each alone: the client host is let go of. What a host keeps
 * that has no connections, such as blocks for buffers to come, counts for none of them.
 */
import { heldBytes, makeHosts, profileOf, startClock, usedSince } from "./load.mjs";

const { count, turns, checksums = false } = JSON.parse(process.argv[2]);
const [SERVER, SERVER_PORT] = ["10.0.0.2", 80];
/** Connections that are opened at once. */
const AT_ONCE = 500;
const WARM = Math.ceil(count / 5);
const QUESTION = new Uint8Array(64).fill(63);
const ANSWER = new Uint8Array(512).fill(33);
const STEP_NS = 50_000;
/** The longest wait for a timer that is taken for the end of a phase: delayed ACKs are shorter. */
const QUIET_NS = 1e9;
const taken = new Uint8Array(1024);

class Field {
  nowNs = 0;
  heard = 0;
  hosts;
  sockets = [];
  constructor(backlog) {
    const profile = profileOf();
    this.hosts = makeHosts({ mtu: 1500, profile, checksums });
    const answering = {
      onEvent(event, socket, nowNs) {
        if (event.type !== "readable") return;
        const n = socket.receive(taken, nowNs);
        if (n === null) socket.close(nowNs);
        else if (n > 0) socket.send(ANSWER, nowNs);
      },
    };
    const listener = this.hosts[1].listen("0.0.0.0", SERVER_PORT, { backlog });
    listener.user = {
      onReady(from) {
        for (let s = from.accept(); s !== null; s = from.accept()) s.user = answering;
      },
    };
    this.asking = {
      onEvent: (event, socket, nowNs) => {
        if (event.type === "connected") this.heard++;
        if (event.type === "readable" && (socket.receive(taken, nowNs) ?? 0) > 0) this.heard++;
      },
    };
  }

  get segments() {
    return this.hosts.reduce((sum, host) => sum + host.counters.received, 0);
  }

  /** Until nothing is due soon. */
  settle() {
    for (;;) {
      for (const host of this.hosts) host.poll(this.nowNs);
      const dueNs = Math.min(...this.hosts.map((host) => host.pollAt()));
      if (dueNs > this.nowNs + QUIET_NS) return;
      this.nowNs = Math.max(this.nowNs + STEP_NS, dueNs);
    }
  }

  open(n) {
    for (let i = 0; i < n; i++) {
      const socket = this.hosts[0].connect(SERVER, SERVER_PORT, this.nowNs);
      socket.user = this.asking;
      this.sockets.push(socket);
      // More SYNs at once than the listener remembers would be lost.
      if (i % AT_ONCE === 0) this.settle();
    }
    this.settle();
    this.expect(n, "connections stand");
  }

  talk(rounds) {
    for (let i = 0; i < rounds; i++) {
      for (const socket of this.sockets) socket.send(QUESTION, this.nowNs);
      this.settle();
      this.expect(this.sockets.length, "answers came");
    }
  }

  close() {
    for (const socket of this.sockets) socket.close(this.nowNs);
    this.sockets.length = 0;
    this.settle();
  }

  /** TIME-WAIT and what else is left ends. */
  forget() {
    while (this.hosts.some((host) => host.connections > 0)) {
      this.nowNs = Math.max(this.nowNs, Math.min(...this.hosts.map((host) => host.pollAt())));
      for (const host of this.hosts) host.poll(this.nowNs);
    }
  }

  expect(n, what) {
    if (this.heard !== n) throw new Error(`${this.heard} ${what}, not ${n}`);
    this.heard = 0;
  }

  phase(run) {
    const [clock, before] = [startClock(), this.segments];
    run();
    return { ...usedSince(clock), segments: this.segments - before };
  }
}

function letGoOfClient(of) {
  of.sockets = [];
  of.hosts[0] = null;
  of.hosts[1].poll(of.nowNs);
}

/** Bytes of a client host that has had all those connections, and has none. */
function idleClientHost() {
  const other = new Field(2 * count);
  other.open(count);
  other.talk(1);
  other.close();
  other.forget();
  const before = heldBytes();
  letGoOfClient(other);
  const bytes = before - heldBytes();
  other.hosts[1].poll(other.nowNs);
  return bytes;
}

const field = new Field(2 * count);
for (let i = 0; i < 2; i++) {
  field.open(WARM);
  field.talk(turns);
  field.close();
  field.forget();
}
const empty = heldBytes();
const open = field.phase(() => field.open(count));
const afterOpen = heldBytes();
const talk = field.phase(() => field.talk(turns));
const afterTalk = heldBytes();
const close = field.phase(() => field.close());
const afterClose = heldBytes();
const forget = field.phase(() => field.forget());
const idle = heldBytes();
field.open(count);
field.talk(1);
const both = heldBytes();
letGoOfClient(field);
const server = heldBytes();
const clientHost = idleClientHost();
const each = (bytes) => Math.round(bytes / count);
console.log(
  JSON.stringify({
    phases: { open, talk, close, forget },
    memory: {
      open: each(afterOpen - empty),
      talked: each(afterTalk - empty),
      timeWait: each(afterClose - empty),
      client: each(both - server - clientHost),
      server: each(server - (idle - clientHost)),
    },
  }),
);
// Held until here.
field.hosts[1].poll(field.nowNs);
