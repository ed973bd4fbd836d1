/**
 * Assertions about what a program did on the wire, for tests with any runner:
 *
 * ```ts ignore
 * import { readFileSync } from "node:fs";
 * import { expectTcp } from "seqack/expect";
 *
 * expectTcp(readFileSync("trace.pcapng")).port(8080).noRetransmissions().firstByteWithin(2, "rtt");
 * ```
 *
 * Each holds for every connection that was chosen, of which there must be one
 * at least, and returns the same object. What does not hold throws a
 * {@link TcpAssertionError} that names the frames.
 *
 * @module
 */
import { FINDINGS, type FindingId, SEVERITIES, type Severity } from "../findings/catalogue.ts";
import type { Finding } from "../findings/finding.ts";
import { count, duration, plural } from "../words.ts";
import { TcpAssertionError } from "./assertion-error.ts";
import type { ConnectionSummary } from "./connection-log.ts";
import { type Recorded, type Recording, readRecording } from "./recording.ts";

/** Who sends. */
export type Side = "client" | "server";

/** Milliseconds, or round trips of the connection's own handshake. */
export type TimeUnit = "ms" | "rtt";

/** Frames that a message names. */
const NAMED = 8;

/** Begins assertions about all connections of `recording`. @throws As {@link readRecording} does. */
export function expectTcp(recording: Recording): TcpExpectation {
  const recorded = readRecording(recording);
  return new TcpExpectation(recorded, recorded.connections, "the recording");
}

/** See the module. */
export class TcpExpectation {
  readonly #recorded: Recorded;
  readonly #of: readonly ConnectionSummary[];
  /** What was chosen, in words. */
  readonly #name: string;

  /** Made by {@link expectTcp}. */
  constructor(recorded: Recorded, connections: readonly ConnectionSummary[], name: string) {
    this.#recorded = recorded;
    this.#of = connections;
    this.#name = name;
  }

  /** The connections chosen, to look at them in other ways; may be none. */
  get all(): readonly ConnectionSummary[] {
    return this.#of;
  }

  /** Only the connection with this number, from 0: `tcp.stream`. */
  stream(number: number): TcpExpectation {
    const of = this.#of.filter(({ stream }) => stream === number);
    return new TcpExpectation(this.#recorded, of, `stream ${number}`);
  }

  /** Only connections to this port of a server. */
  port(number: number): TcpExpectation {
    const of = this.#of.filter(({ server }) => server.endsWith(`:${number}`));
    return new TcpExpectation(this.#recorded, of, `port ${number}`);
  }

  /** There are so many connections; 0 is allowed. */
  connections(expected: number): this {
    const actual = this.#of.length;
    if (actual === expected) return this;
    const frames = this.#of.map(({ firstFrame }) => firstFrame);
    throw new TcpAssertionError(
      `Expected ${plural(expected, "connection")} in ${this.#name}, got ${count(actual)}${named(frames)}`,
      { operator: "connections", actual, expected, frames },
    );
  }

  /** Nothing was sent twice: no data, no SYN, no FIN. Packets that the capture holds twice do not count. */
  noRetransmissions(): this {
    return this.#none("noRetransmissions", "retransmissions", (c) => c.retransmissions);
  }

  /** Nobody closed its receive window. */
  noZeroWindow(): this {
    return this.#none("noZeroWindow", "closed windows", (c) => c.zeroWindows);
  }

  /** Nobody sent a reset. */
  noResets(): this {
    return this.#none("noResets", "resets", (c) => c.resets);
  }

  /** The handshake, from the first SYN to the acknowledgement of the SYN-ACK, took no longer. */
  handshakeWithin(limit: number, unit: TimeUnit = "ms"): this {
    return this.#within("handshakeWithin", "a handshake", limit, unit, (c) => ({
      ns: c.handshakeNs,
      frame: c.firstFrame,
      missing: "its handshake was not captured whole, or never ended",
    }));
  }

  /** The server's first byte of data came no later than this after the end of the handshake. */
  firstByteWithin(limit: number, unit: TimeUnit = "ms"): this {
    return this.#within("firstByteWithin", "the server's first byte", limit, unit, (c) => ({
      ns: c.firstByteNs,
      frame: c.firstByteFrame || c.firstFrame,
      missing:
        c.serverBytes === 0
          ? "the server sent no data"
          : "its handshake was not captured, from whose end to count",
    }));
  }

  /** Both sides sent a FIN, both were acknowledged, and nobody reset. */
  closedCleanly(): this {
    for (const c of this.#some("closedCleanly")) {
      if (c.isClosed) continue;
      const how =
        c.resets.length > 0
          ? `it was reset${named(c.resets)}`
          : "not both ends were closed and acknowledged";
      throw new TcpAssertionError(`Expected ${nameOf(c)} to be closed cleanly: ${how}`, {
        operator: "closedCleanly",
        actual: c.resets.length > 0 ? "reset" : "open",
        expected: "closed",
        frames: c.resets,
      });
    }
    return this;
  }

  /** Each connection's `side` sent so many bytes of data, or a number that `expected` accepts. */
  bytes(side: Side, expected: number | ((bytes: number) => boolean)): this {
    for (const c of this.#some("bytes")) {
      const actual = side === "client" ? c.clientBytes : c.serverBytes;
      const holds = typeof expected === "number" ? actual === expected : expected(actual);
      if (holds) continue;
      const wanted =
        typeof expected === "number" ? plural(expected, "byte") : "another number of bytes";
      throw new TcpAssertionError(
        `Expected ${wanted} from the ${side} of ${nameOf(c)}, got ${count(actual)}`,
        { operator: "bytes", actual, expected: typeof expected === "number" ? expected : wanted },
      );
    }
    return this;
  }

  /**
   * Nothing of this severity or worse was found, or no finding of these kinds. The default,
   * `"warning"`, lets notes pass. Findings about the whole capture count too.
   *
   * @throws {RangeError} on a name that is neither.
   */
  noFindings(...what: readonly (Severity | FindingId)[]): this {
    const wanted = what.length === 0 ? ["warning"] : what;
    for (const name of wanted) {
      if (isSeverity(name) || Object.hasOwn(FINDINGS, name)) continue;
      throw new RangeError(`Cannot expect "${name}": it is neither a severity nor a finding`);
    }
    const chosen = new Set(this.#some("noFindings").map(({ stream }) => stream));
    const found = this.#recorded.report.findings.filter(
      (f) => (f.stream === null || chosen.has(f.stream)) && wanted.some((name) => isOf(f, name)),
    );
    const [first] = found;
    if (first === undefined) return this;
    const others = found.length > 1 ? `, and ${count(found.length - 1)} more` : "";
    const where = first.stream === null ? "" : ` in stream ${first.stream}`;
    const { frames } = first.evidence;
    throw new TcpAssertionError(
      `Expected no findings (${wanted.join(", ")}), got ${first.severity} ${first.id}${where}: ${first.sentence.en}${named(frames)}${others}`,
      { operator: "noFindings", actual: found.map(({ id }) => id), expected: [], frames },
    );
  }

  #none(
    operator: string,
    what: string,
    framesOf: (c: ConnectionSummary) => readonly number[],
  ): this {
    for (const c of this.#some(operator)) {
      const frames = framesOf(c);
      if (frames.length === 0) continue;
      throw new TcpAssertionError(
        `Expected no ${what} in ${nameOf(c)}, got ${count(frames.length)}${named(frames)}`,
        { operator, actual: frames, expected: [], frames },
      );
    }
    return this;
  }

  #within(
    operator: string,
    what: string,
    limit: number,
    unit: TimeUnit,
    measure: (c: ConnectionSummary) => { ns: number | null; frame: number; missing: string },
  ): this {
    for (const c of this.#some(operator)) {
      const { ns, frame, missing } = measure(c);
      const expected = `${limit} ${unit}`;
      const fail = (why: string, actual: string | null): never => {
        throw new TcpAssertionError(`Expected ${what} within ${expected} in ${nameOf(c)}: ${why}`, {
          operator,
          actual,
          expected,
          frames: [frame],
        });
      };
      if (ns === null) return fail(missing, null);
      if (unit === "rtt" && c.rttNs === null) return fail("its round-trip time is not known", null);
      const took = unit === "ms" ? ns / 1e6 : ns / c.rttNs!;
      if (took > limit) {
        const shown = unit === "ms" ? duration(ns) : `${took.toFixed(2)} rtt (${duration(ns)})`;
        return fail(`it took ${shown}, see frame ${frame}`, shown);
      }
    }
    return this;
  }

  /** The connections chosen. What holds for none of them would hold for anything. */
  #some(operator: string): readonly ConnectionSummary[] {
    if (this.#of.length > 0) return this.#of;
    const { packets } = this.#recorded.report.looked;
    throw new TcpAssertionError(
      `Expected a TCP connection in ${this.#name}, got none (${plural(packets, "packet")} in the recording)`,
      { operator, actual: 0, expected: "at least 1 connection" },
    );
  }
}

function nameOf({ stream, client, server }: ConnectionSummary): string {
  return `stream ${stream} (${client} → ${server})`;
}

/** ` (frames 4, 9)`. */
function named(frames: readonly number[]): string {
  if (frames.length === 0) return "";
  const shown = frames.slice(0, NAMED).join(", ");
  const more = frames.length > NAMED ? ", …" : "";
  return ` (frame${frames.length === 1 ? "" : "s"} ${shown}${more})`;
}

function isSeverity(name: string): name is Severity {
  return SEVERITIES.some((severity) => severity === name);
}

function isOf({ id, severity }: Finding, name: string): boolean {
  if (!isSeverity(name)) return id === name;
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(name);
}
