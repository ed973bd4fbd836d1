/**
 * Two endpoints over a channel in memory that loses, delays, reorders and
 * doubles segments, under a virtual clock: what became of both streams.
 *
 * @module
 */
import { Prng } from "../base/prng.ts";
import { makeEndpoint } from "../stack/tcp/endpoint.ts";
import type { Profile } from "../stack/tcp/profile.ts";
import type { RingPool } from "../stack/tcp/ring-pool.ts";
import type {
  Probe,
  SocketOptions,
  TcpEndpoint,
  TcpErrorCode,
  TcpSegment,
} from "../stack/types.ts";

/** What the channel does to each segment, both ways. */
export interface LossyChannel {
  readonly seed: number;
  /** Probability that a segment is lost. */
  readonly loss: number;
  /** Probability that it comes twice. */
  readonly duplication: number;
  readonly delayMs: number;
  /** Each segment takes up to so much longer: it may overtake others. */
  readonly jitterMs: number;
}

/** One end and its user. */
export interface LossyEnd {
  readonly profile: Profile;
  readonly options?: Partial<SocketOptions>;
  readonly mtu: number;
  readonly iss: number;
  /** Bytes that its user sends before it closes. */
  readonly bytes: number;
  /** Bytes that its user offers and takes in one call. */
  readonly chunk: number;
  /** How often its user looks. */
  readonly everyMs: number;
  /** Where its buffers come from and go to. */
  readonly buffers?: RingPool;
}

/** What became of one end. */
export interface LossyEndResult {
  readonly endpoint: TcpEndpoint;
  readonly received: number;
  /** All that was received is what the other sent, in order. */
  readonly isIntact: boolean;
  readonly sawEnd: boolean;
  /** `undefined`: never told. */
  readonly closed: TcpErrorCode | null | undefined;
}

/** What became of both. */
export interface LossyResult {
  readonly ends: readonly [LossyEndResult, LossyEndResult];
  /** Virtual milliseconds. */
  readonly tookMs: number;
  readonly segments: number;
  /** Steps were used up: something goes on for ever. */
  readonly isEndless: boolean;
}

/** Steps of the clock before a run is called endless. */
const MAX_STEPS = 2_000_000;

/** Segments of one end at one instant before they are called endless. */
const MAX_BURST = 2000;

const KEEP_ALIVE = { idleNs: 600e9, intervalNs: 60e9, count: 5 };

/** The byte at `i` of the stream of end `side`. */
const byteAt = (side: number, i: number): number => (i * 31 + (i >>> 8) * 7 + side * 101) & 255;

/** Runs both until they are CLOSED and nothing is due any more. */
export function runLossyPair(
  channel: LossyChannel,
  ends: readonly [LossyEnd, LossyEnd],
  probe?: Probe,
): LossyResult {
  const run = new LossyRun(channel, ends, probe);
  return run.run();
}

interface Flight {
  readonly atNs: number;
  readonly order: number;
  readonly to: 0 | 1;
  readonly segment: TcpSegment;
}

class LossyRun {
  readonly #channel: LossyChannel;
  readonly #prng: Prng;
  readonly #users: readonly [LossyUser, LossyUser];
  readonly #flying: Flight[] = [];
  #nowNs = 0;
  #segments = 0;

  constructor(channel: LossyChannel, ends: readonly [LossyEnd, LossyEnd], probe?: Probe) {
    this.#channel = channel;
    this.#prng = new Prng(channel.seed);
    this.#users = [new LossyUser(ends[0], 0, probe), new LossyUser(ends[1], 1, probe)];
  }

  run(): LossyResult {
    let steps = 0;
    for (; steps < MAX_STEPS; steps++) {
      for (const user of this.#users) this.#drive(user);
      const next = Math.min(
        ...this.#users.map((user) => user.nextNs),
        this.#flying[0]?.atNs ?? Infinity,
      );
      if (next === Infinity) break;
      this.#nowNs = Math.max(this.#nowNs, next);
      this.#deliver();
    }
    const [a, b] = this.#users;
    const ends = [a.result(), b.result()] as const;
    return {
      ends,
      tookMs: this.#nowNs / 1e6,
      segments: this.#segments,
      isEndless: steps === MAX_STEPS,
    };
  }

  #drive(user: LossyUser): void {
    user.look(this.#nowNs);
    const other = user.side === 0 ? 1 : 0;
    let burst = 0;
    for (let s = user.endpoint.poll(this.#nowNs); s !== null; s = user.endpoint.poll(this.#nowNs)) {
      this.#segments++;
      if (++burst > MAX_BURST) throw new RangeError(`Cannot end: ${burst} segments at one instant`);
      this.#send(other, s);
    }
  }

  #send(to: 0 | 1, segment: TcpSegment): void {
    const { loss, duplication, delayMs, jitterMs } = this.#channel;
    if (this.#prng.chance(loss)) return;
    const copies = this.#prng.chance(duplication) ? 2 : 1;
    // A late one may come when its bytes were acknowledged long ago.
    const kept = { ...segment, payload: segment.payload.slice() };
    for (let i = 0; i < copies; i++) {
      const atNs = this.#nowNs + (delayMs + jitterMs * this.#prng.unit()) * 1e6;
      this.#insert({ atNs, order: this.#segments * 2 + i, to, segment: kept });
    }
  }

  #insert(flight: Flight): void {
    let i = this.#flying.length;
    while (i > 0 && this.#flying[i - 1]!.atNs > flight.atNs) i--;
    this.#flying.splice(i, 0, flight);
  }

  #deliver(): void {
    for (let f = this.#flying[0]; f !== undefined && f.atNs <= this.#nowNs; f = this.#flying[0]) {
      this.#flying.shift();
      this.#users[f.to].endpoint.onSegment(f.segment, this.#nowNs);
      this.#drive(this.#users[f.to]);
    }
  }
}

/** Sends its bytes, then closes; receives until the end. */
class LossyUser {
  readonly endpoint: TcpEndpoint;
  readonly side: 0 | 1;
  readonly #end: LossyEnd;
  readonly #chunk: Uint8Array;
  #nextLookNs = 0;
  #isFull = false;
  /** Something may be there to read, the end for example. */
  #isTold = false;
  #sent = 0;
  #received = 0;
  #isIntact = true;
  #sawEnd = false;
  #closed: TcpErrorCode | null | undefined = undefined;

  constructor(end: LossyEnd, side: 0 | 1, probe?: Probe) {
    this.#end = end;
    this.side = side;
    this.#chunk = new Uint8Array(end.chunk);
    const ports = side === 0 ? { localPort: 1, remotePort: 2 } : { localPort: 2, remotePort: 1 };
    this.endpoint = makeEndpoint({
      ...ports,
      mtu: end.mtu,
      ipHeaderLen: 20,
      iss: end.iss,
      profile: end.profile,
      // A peer that has given up is found out, however long it takes.
      options: { keepAlive: KEEP_ALIVE, ...end.options },
      ...(end.buffers === undefined ? {} : { buffers: end.buffers }),
      ...(probe === undefined ? {} : { probe }),
    });
    if (side === 0) this.endpoint.connect(0);
    else this.endpoint.listen();
  }

  /** Nothing to read, nothing that could be written: an event will say. */
  get #isIdle(): boolean {
    return (
      this.endpoint.readable === 0 &&
      (this.#isFull || !this.endpoint.canSend) &&
      (this.#sawEnd || !this.#isTold)
    );
  }

  get nextNs(): number {
    if (this.endpoint.state === "LISTEN") return Infinity;
    return Math.min(this.endpoint.pollAt(), this.#isIdle ? Infinity : this.#nextLookNs);
  }

  look(nowNs: number): void {
    this.#listen();
    if (nowNs < this.#nextLookNs || this.endpoint.state === "LISTEN") return;
    this.#nextLookNs = nowNs + this.#end.everyMs * 1e6;
    this.#write(nowNs);
    this.#read(nowNs);
  }

  #listen(): void {
    for (let e = this.endpoint.pollEvent(); e !== null; e = this.endpoint.pollEvent()) {
      if (e.type === "closed") this.#closed = e.error;
      if (e.type === "readable" || e.type === "closed") this.#isTold = true;
      if (e.type === "writable" || e.type === "connected") this.#isFull = false;
    }
  }

  #write(nowNs: number): void {
    if (!this.endpoint.canSend) return;
    const n = Math.min(this.#chunk.length, this.#end.bytes - this.#sent);
    for (let i = 0; i < n; i++) this.#chunk[i] = byteAt(this.side, this.#sent + i);
    const taken = n === 0 ? 0 : this.endpoint.send(this.#chunk.subarray(0, n), nowNs);
    this.#isFull = taken < n;
    this.#sent += taken;
    if (this.#sent === this.#end.bytes && this.endpoint.state !== "SYN-SENT")
      this.endpoint.closeWrite(nowNs);
  }

  #read(nowNs: number): void {
    const n = this.endpoint.receive(this.#chunk, nowNs);
    if (n === null) {
      this.#sawEnd = true;
      return;
    }
    if (n === 0) this.#isTold = false;
    for (let i = 0; i < n; i++) {
      if (this.#chunk[i] !== byteAt(1 - this.side, this.#received + i)) this.#isIntact = false;
    }
    this.#received += n;
  }

  result(): LossyEndResult {
    this.#listen();
    return {
      endpoint: this.endpoint,
      received: this.#received,
      isIntact: this.#isIntact,
      sawEnd: this.#sawEnd,
      closed: this.#closed,
    };
  }
}
