/**
 * Tests of a TCP endpoint that read as a conversation in tcpdump's notation:
 *
 * ```ts ignore
 * Conversation.dial(100)
 *   .sends("S 100")
 *   .arrives("S. 300 ack 101")
 *   .sends(". 101 ack 301")
 *   .is("ESTABLISHED");
 * ```
 *
 * A segment is `FLAGS SEQ[:END(LEN)] [ack N] [win N] [urg N] [mss N] [wscale N] [sackOK] [ts VAL ECR]
 * [sack LEFT RIGHT …] [ECN]`, numbers as on the wire. Of what is sent, `win`, `mss`, `wscale`, `sackOK`, `ts` and ECN
 * count only when the line names them; the rest must be equal. Silence is always checked: what was
 * sent and not told by `sends` fails the next step. Time moves only by `at`.
 *
 * @module
 */
import { makeEndpoint } from "../stack/tcp/endpoint.ts";
import { generic } from "../stack/tcp/profile.ts";
import type {
  EcnCodepoint,
  EndpointInit,
  SocketOptions,
  TcpEndpoint,
  TcpSegment,
  TcpState,
} from "../stack/types.ts";
import type { TcpOption } from "../wire/tcp-option.ts";
import { tcpFlagLetters } from "../wire/tcp-describe.ts";
import { flagsOf } from "./packets.ts";

const CODEPOINTS: readonly EcnCodepoint[] = ["not-ECT", "ECT(0)", "ECT(1)", "CE"];
const LINE = /^([FSRP.UEW]+|none) (\d+)(?::\d+\((\d+)\))?(.*)$/;

/** Reads a line; the payload is bytes that count up from the last byte of SEG.SEQ. @throws {SyntaxError} */
export function parseSegment(line: string): TcpSegment {
  const m = LINE.exec(line);
  if (m === null) throw new SyntaxError(`Cannot read segment "${line}"`);
  const [, letters, seq, len, rest] = m;
  const words = rest!.trim().split(" ");
  const numberAfter = (word: string): number | null => {
    const i = words.indexOf(word);
    return i < 0 ? null : Number(words[i + 1]);
  };
  const first = Number(seq);
  return {
    srcPort: 80,
    dstPort: 40_000,
    seq: first,
    ack: numberAfter("ack"),
    flags: flagsOf(letters!),
    reserved: 0,
    window: numberAfter("win") ?? 65_535,
    checksum: 0,
    urgent: numberAfter("urg") ?? 0,
    options: optionsOf(words),
    payload: Uint8Array.from({ length: Number(len ?? 0) }, (_, i) => first + i),
    ecn: CODEPOINTS.find((codepoint) => words.includes(codepoint)) ?? "not-ECT",
  };
}

function optionsOf(words: readonly string[]): TcpOption[] {
  const options: TcpOption[] = [];
  for (const [i, word] of words.entries()) {
    const value = Number(words[i + 1]);
    if (word === "mss") options.push({ kind: "mss", mss: value });
    if (word === "wscale") options.push({ kind: "window-scale", shift: value });
    if (word === "sackOK") options.push({ kind: "sack-permitted" });
    if (word === "ts") options.push({ kind: "timestamps", value, echo: Number(words[i + 2]) });
    if (word === "sack") options.push({ kind: "sack", blocks: blocksOf(words.slice(i + 1)) });
  }
  return options;
}

function blocksOf(words: readonly string[]): { left: number; right: number }[] {
  const edges = words.slice(0, words.findIndex((w) => !/^\d+$/.test(w)) >>> 0).map(Number);
  return Array.from({ length: edges.length / 2 }, (_, i) => ({
    left: edges[2 * i]!,
    right: edges[2 * i + 1]!,
  }));
}

/** One line for `segment`, with what `like` names of the parts that are left out otherwise. */
export function showSegment(segment: TcpSegment, like: string = ""): string {
  const named = new Set(like.split(" "));
  const len = segment.payload.length;
  const parts = [tcpFlagLetters(segment.flags)];
  parts.push(len === 0 ? `${segment.seq}` : `${segment.seq}:${(segment.seq + len) >>> 0}(${len})`);
  if (segment.ack !== null) parts.push(`ack ${segment.ack}`);
  if (named.has("win")) parts.push(`win ${segment.window}`);
  if (segment.urgent !== 0) parts.push(`urg ${segment.urgent}`);
  for (const option of segment.options) {
    const text = showOption(option);
    if (option.kind === "sack" || named.has(text.split(" ")[0]!)) parts.push(text);
  }
  if (CODEPOINTS.some((codepoint) => named.has(codepoint))) parts.push(segment.ecn);
  return parts.join(" ");
}

function showOption(option: TcpOption): string {
  if (option.kind === "mss") return `mss ${option.mss}`;
  if (option.kind === "window-scale") return `wscale ${option.shift}`;
  if (option.kind === "sack-permitted") return "sackOK";
  if (option.kind === "timestamps") return `ts ${option.value} ${option.echo}`;
  if (option.kind !== "sack") return option.kind;
  return `sack ${option.blocks.map(({ left, right }) => `${left} ${right}`).join(" ")}`;
}

/** Without options, so that lines are short; a test names what it is about. */
const PLAIN = { ...generic, timestamps: false, sack: false, windowScaling: false };

/** What a test may change. */
export type ConversationInit = Partial<EndpointInit>;

/** An endpoint, its clock, and the peer that the test plays. */
export class Conversation {
  readonly endpoint: TcpEndpoint;
  #nowNs = 0;
  readonly #sent: TcpSegment[] = [];

  private constructor(iss: number, init: ConversationInit) {
    const ports = { localPort: 40_000, remotePort: 80, mtu: 1500, ipHeaderLen: 20 };
    this.endpoint = makeEndpoint({ ...ports, iss, profile: PLAIN, ...init });
  }

  /** An active open: the SYN is due. */
  static dial(iss: number, init: ConversationInit = {}): Conversation {
    const c = new Conversation(iss, init);
    c.endpoint.connect(0);
    return c;
  }

  /** A passive open. */
  static listen(iss: number, init: ConversationInit = {}): Conversation {
    const c = new Conversation(iss, init);
    c.endpoint.listen();
    return c;
  }

  /** All that is sent now, in order; nothing: silence. */
  sends(...lines: string[]): this {
    this.#collect();
    const got = this.#sent.splice(0).map((segment, i) => showSegment(segment, lines[i]));
    if (got.join("\n") !== lines.join("\n")) {
      throw new Error(
        `At ${this.#nowNs / 1e6} ms sent\n  ${got.join("\n  ")}\ninstead of\n  ${lines.join("\n  ")}`,
      );
    }
    return this;
  }

  /** The peer's segment arrives. */
  arrives(line: string): this {
    this.#silence();
    this.endpoint.onSegment(parseSegment(line), this.#nowNs);
    return this;
  }

  /** Time moves to `ms`; before that nothing may be sent. */
  at(ms: number): this {
    this.#silence();
    const untilNs = ms * 1e6;
    while (this.endpoint.pollAt() < untilNs) {
      this.#nowNs = Math.max(this.#nowNs, this.endpoint.pollAt());
      this.#silence();
    }
    this.#nowNs = untilNs;
    return this;
  }

  /** The user does something, with the time in nanoseconds. */
  does(call: (endpoint: TcpEndpoint, nowNs: number) => void): this {
    this.#silence();
    call(this.endpoint, this.#nowNs);
    return this;
  }

  /** The user sends `bytes` bytes. */
  writes(bytes: number): this {
    return this.does((endpoint, nowNs) => {
      const taken = endpoint.send(new Uint8Array(bytes), nowNs);
      if (taken !== bytes) throw new Error(`send took ${taken} of ${bytes} bytes`);
    });
  }

  /** The user receives with room for `room` bytes and gets `bytes`; `null`: the end. */
  reads(room: number, bytes: number | null): this {
    return this.does((endpoint, nowNs) => {
      const got = endpoint.receive(new Uint8Array(room), nowNs);
      if (got !== bytes) throw new Error(`receive gave ${got} instead of ${bytes}`);
    });
  }

  /** CLOSE of the RFC: no more is sent. */
  closesWrite(): this {
    return this.does((endpoint, nowNs) => endpoint.closeWrite(nowNs));
  }

  /** The user is done with both ways. */
  closes(): this {
    return this.does((endpoint, nowNs) => endpoint.close(nowNs));
  }

  aborts(): this {
    return this.does((endpoint, nowNs) => endpoint.abort(nowNs));
  }

  sets(options: Partial<SocketOptions>): this {
    return this.does((endpoint, nowNs) => endpoint.setOptions(options, nowNs));
  }

  /** The state, and silence. */
  is(state: TcpState): this {
    this.#silence();
    if (this.endpoint.state !== state)
      throw new Error(`state is ${this.endpoint.state} instead of ${state}`);
    return this;
  }

  /** All events since the last time: `connected`, `closed: reset` … */
  tells(...events: string[]): this {
    const got: string[] = [];
    for (let e = this.endpoint.pollEvent(); e !== null; e = this.endpoint.pollEvent()) {
      got.push("error" in e ? `${e.type}: ${e.error ?? "fine"}` : e.type);
    }
    if (got.join(", ") !== events.join(", "))
      throw new Error(`told ${got.join(", ")} instead of ${events.join(", ")}`);
    return this;
  }

  #collect(): void {
    for (let s = this.endpoint.poll(this.#nowNs); s !== null; s = this.endpoint.poll(this.#nowNs))
      this.#sent.push(s);
  }

  #silence(): void {
    this.#collect();
    if (this.#sent.length > 0) this.sends();
  }
}
