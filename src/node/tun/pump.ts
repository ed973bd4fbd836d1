/**
 * Drives hosts and links by the real clock: what a `Simulation` is under a
 * virtual one.
 *
 * ```
 *   turn: everything that is due ──▶ a few more turns ──▶ ppoll in another thread ──▶ turn …
 *         (setImmediate)             while packets come    until a file is ready or the
 *                                                          next timer is due
 * ```
 *
 * While packets come they are taken in turns of the event loop, so that
 * programs run in between. When none comes a thread of libuv's pool waits:
 * going there and back takes some 70 µs, and no time of the processor. Its
 * timer counts nanoseconds, where the event loop's own counts milliseconds.
 *
 * @module
 */
import { closeSync } from "node:fs";
import type { Clock } from "../../base/clock.ts";
import type { Driven } from "../../stack/simulation.ts";
import { checked, needFfi, POLLFD_LEN, pollLater } from "../ffi.ts";

const MS = 1e6;
const POLLIN = 0x1;
/** O_NONBLOCK and O_CLOEXEC. */
const EFD_FLAGS = 0o4000 | 0o2000000;

/** An ending process has to join the thread that waits. */
const LONGEST_WAIT_NS = 200 * MS;
/** What is due sooner is not worth the way to the thread and back. */
const SHORTEST_WAIT_NS = 50_000;
/** Turns without an event before the thread waits. */
const IDLE_TURNS = 2;
/** Rounds in one turn, then the event loop has its turn. */
const MAX_ROUNDS = 16;

interface Timer {
  readonly dueNs: number;
  readonly fire: () => void;
}

/** A file that things come out of, such as a TUN device. */
export interface Source {
  readonly fd: number;
  /** Things that came out of it, ever: as long as there are more, nobody waits. */
  readonly taken: number;
  /** It may have something. */
  onReady(): void;
}

/** See the module. It is the {@link Clock} of the programs beside it. */
export class Pump implements Clock {
  readonly #driven: Driven[] = [];
  readonly #watched: Source[] = [];
  readonly #timers = new Set<Timer>();
  /** Readable: whoever waits is to come back. */
  readonly #wakeFd: number;
  readonly #wakeWord = new Uint8Array(new BigUint64Array([1n]).buffer);
  /** Until when a thread waits; `-Infinity`: none does. */
  #waitsUntilNs = -Infinity;
  #isQueued = false;
  #isStopped = false;
  #idleTurns = 0;
  #afterStop: (() => void)[] = [];

  constructor() {
    this.#wakeFd = checked("make an event file", needFfi().libc.eventfd(0, EFD_FLAGS));
  }

  /** Drives `driven` from now on; gives it back. */
  add<T extends Driven>(driven: T): T {
    this.#driven.push(driven);
    this.wake();
    return driven;
  }

  /** Tells `source` whenever its file may have something to read; gives it back. */
  watch<T extends Source>(source: T): T {
    this.#watched.push(source);
    this.wake();
    return source;
  }

  /** Nanoseconds of the monotonic clock, since this process began. */
  nowNs(): number {
    return performance.now() * MS;
  }

  now(): number {
    return performance.now();
  }

  after(ms: number, fire: () => void): () => void {
    const timer = { dueNs: this.nowNs() + Math.max(0, ms) * MS, fire };
    this.#timers.add(timer);
    this.wake();
    return () => this.#timers.delete(timer);
  }

  /** There may be something to do: soon, but not within this call. */
  wake(): void {
    this.#idleTurns = 0;
    this.#queue();
  }

  /** Drives nothing any more. `then` is called once no thread waits on the files, which may be closed in it. */
  stop(then: () => void): void {
    this.#afterStop.push(then);
    this.#isStopped = true;
    this.#interrupt();
    if (this.#waitsUntilNs === -Infinity) this.#end();
  }

  #queue(): void {
    if (this.#isQueued || this.#isStopped) return;
    this.#isQueued = true;
    setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#isQueued = false;
    if (this.#isStopped) return;
    const before = this.#taken();
    for (const source of this.#watched) source.onReady();
    for (let round = 0; round < MAX_ROUNDS; round++) if (!this.#settle()) break;
    if (this.#taken() > before) this.#idleTurns = 0;
    const nextNs = this.#nextNs();
    const leftNs = nextNs - this.nowNs();
    if (leftNs <= SHORTEST_WAIT_NS || this.#idleTurns++ < IDLE_TURNS) this.#queue();
    else this.#wait(nextNs, leftNs);
  }

  /** One round: everything that is due; whether anything was. */
  #settle(): boolean {
    const nowNs = this.nowNs();
    let isBusy = false;
    for (const driven of this.#driven) {
      if (driven.pollAt() > nowNs) continue;
      driven.poll(nowNs);
      isBusy = true;
    }
    for (const timer of this.#timers) {
      if (timer.dueNs > nowNs) continue;
      this.#timers.delete(timer);
      timer.fire();
      isBusy = true;
    }
    return isBusy;
  }

  #taken(): number {
    return this.#watched.reduce((sum, { taken }) => sum + taken, 0);
  }

  #nextNs(): number {
    let nextNs = Infinity;
    for (const driven of this.#driven) nextNs = Math.min(nextNs, driven.pollAt());
    for (const { dueNs } of this.#timers) nextNs = Math.min(nextNs, dueNs);
    return nextNs;
  }

  #wait(nextNs: number, leftNs: number): void {
    if (this.#waitsUntilNs !== -Infinity) {
      if (nextNs < this.#waitsUntilNs) this.#interrupt();
      return;
    }
    const waitNs = Math.min(leftNs, LONGEST_WAIT_NS);
    this.#waitsUntilNs = this.nowNs() + waitNs;
    pollLater(this.#files(), waitNs, () => this.#onWaited());
  }

  #files(): Uint8Array {
    const fds = [this.#wakeFd, ...this.#watched.map(({ fd }) => fd)];
    const v = new DataView(new ArrayBuffer(fds.length * POLLFD_LEN));
    for (const [i, fd] of fds.entries()) {
      v.setInt32(i * POLLFD_LEN, fd, true);
      v.setInt16(i * POLLFD_LEN + 4, POLLIN, true);
    }
    return new Uint8Array(v.buffer);
  }

  #onWaited(): void {
    this.#waitsUntilNs = -Infinity;
    if (this.#isStopped) {
      this.#end();
      return;
    }
    needFfi().libc.read(this.#wakeFd, new Uint8Array(8), 8);
    this.#turn();
  }

  #interrupt(): void {
    needFfi().libc.write(this.#wakeFd, this.#wakeWord, 8);
  }

  #end(): void {
    // What programs closed just now is still told to the other side.
    this.#settle();
    const afterStop = this.#afterStop;
    this.#afterStop = [];
    this.#timers.clear();
    for (const then of afterStop) then();
    closeSync(this.#wakeFd);
  }
}
