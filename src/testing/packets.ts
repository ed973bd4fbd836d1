/**
 * Packets and traces from lines, for tests:
 *
 * ```ts
 * const trace = traceOf(["0 > S 100 mss 1460 wscale 7", "0.1 < S. 300 ack 101", "0.2 > . 101 ack 301"]);
 * ```
 *
 * A line is `TIME_MS >|< FLAGS SEQ[:END(LEN)] [ack N] [win N] [gso N] [OPTIONS]`,
 * `>` from the client 10.0.0.1:40000 to the server 10.0.0.2:80, numbers as on
 * the wire. Options: `mss N`, `wscale N`, `sackOK`, `ts VAL ECR`, `tfo [HEX]`,
 * `sack LEFT RIGHT …`.
 *
 * @module
 */
import { parseHex } from "../base/bytes.ts";
import type { CallEvent, CallOp } from "../pcap/event.ts";
import type { PacketRecord } from "../pcap/sink.ts";
import { TraceBuilder } from "../trace/builder.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";

/** LINKTYPE_RAW: the packet begins with IP. */
const RAW = 101;

/** Time 0 of the lines: 2026-01-01. */
export const TEST_EPOCH = 1_767_225_600_000_000_000n;

const LETTERS: Readonly<Record<string, number>> = {
  F: Flag.FIN,
  S: Flag.SYN,
  R: Flag.RST,
  P: Flag.PSH,
  ".": Flag.ACK,
  U: Flag.URG,
  E: Flag.ECE,
  W: Flag.CWR,
};

const LINE =
  /^([\d.-]+) ([<>]) ([FSRP.UEW]+|none) (\d+)(?::\d+\((\d+)\))?(?: ack (\d+))?(?: win (\d+))?(?: gso (\d+))?((?: (?:mss|wscale|sackOK|sack|ts|tfo|[\da-f]+))*)$/;

/** The two ends of a line; a port each, addresses 10.0.0.1 and 10.0.0.2. */
export interface TestPorts {
  readonly client: number;
  readonly server: number;
}

const PORTS: TestPorts = { client: 40_000, server: 80 };

/** One line as the packet of frame `frame`. */
export function packetOf(line: string, frame: number, ports: TestPorts = PORTS): PacketRecord {
  const m = LINE.exec(line);
  if (m === null) throw new SyntaxError(`Cannot read segment "${line}"`);
  const [, time, arrow, letters, seq, len, ack, win, gso, rest] = m;
  const options = optionsOf(rest!.trim());
  const headerLen = 20 + options.length;
  const payloadLen = Number(len ?? 0);
  const bytes = new Uint8Array(20 + headerLen + payloadLen);
  const v = new DataView(bytes.buffer);
  const isForth = arrow === ">";
  writeIpv4(v, isForth);
  v.setUint16(20, isForth ? ports.client : ports.server);
  v.setUint16(22, isForth ? ports.server : ports.client);
  v.setUint32(24, Number(seq));
  v.setUint32(28, Number(ack ?? 0));
  v.setUint8(32, (headerLen / 4) << 4);
  v.setUint8(33, flagsOf(letters!));
  v.setUint16(34, Number(win ?? 65_535));
  bytes.set(options, 40);
  const ns = TEST_EPOCH + BigInt(Math.round(Number(time) * 1e6));
  return {
    frame,
    iface: 0,
    linkType: RAW,
    sec: Number(ns / 1_000_000_000n),
    nsec: Number(ns % 1_000_000_000n),
    view: v,
    at: 0,
    capLen: bytes.length,
    origLen: bytes.length,
    flags: 0,
    gsoSize: Number(gso ?? 0),
    comments: [],
    offset: 0,
    headLen: 0,
  };
}

/** A trace of the lines, and of calls when there are any. */
export function traceOf(
  lines: readonly string[],
  calls: readonly CallEvent[] = [],
  ports: TestPorts = PORTS,
): Trace {
  const builder = new TraceBuilder();
  for (const [i, line] of lines.entries()) builder.onPacket(packetOf(line, i + 1, ports));
  if (calls.length > 0) {
    builder.onEvents([{ kind: "clock", source: "test", errorNs: 1000 }, ...calls]);
  }
  return builder.build();
}

/**
 * A call from a line: `CLIENT|SERVER OP BEGIN_MS END_MS|- [BYTES|eof|error CODE] [conn N]`, for example
 * `"client write 0.3 0.31 5"`. Client calls have `conn` 1, server calls 2, unless the line says.
 */
export function callOf(line: string, id: number, ports: TestPorts = PORTS): CallEvent {
  const m =
    /^(client|server) (\w+) ([\d.-]+) (-|[\d.]+)(?: (\d+)| (eof)| error (\w+))?(?: conn (\d+))?$/.exec(
      line,
    );
  if (m === null) throw new SyntaxError(`Cannot read call "${line}"`);
  const [, role, op, begin, end, bytes, eof, error, conn] = m;
  const client = `10.0.0.1:${ports.client}`;
  const server = `10.0.0.2:${ports.server}`;
  const isServer = role === "server";
  return {
    kind: "call",
    id,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- tests write the names of operations
    op: op as CallOp,
    role: isServer ? "server" : "client",
    conn: op === "listen" ? null : Number(conn ?? (isServer ? 2 : 1)),
    begin: TEST_EPOCH + BigInt(Math.round(Number(begin) * 1e6)),
    end: end === "-" ? null : TEST_EPOCH + BigInt(Math.round(Number(end) * 1e6)),
    local: isServer ? server : client,
    remote: op === "listen" ? null : isServer ? client : server,
    bytes: bytes === undefined ? null : Number(bytes),
    eof: eof !== undefined,
    error: error ?? null,
  };
}

/** Calls of the lines, numbered from 1. */
export function callsOf(lines: readonly string[], ports: TestPorts = PORTS): CallEvent[] {
  return lines.map((line, i) => callOf(line, i + 1, ports));
}

/** The flag bits of `"S."` in tcpdump's letters; `"none"`: none. */
export function flagsOf(letters: string): number {
  if (letters === "none") return 0;
  return letters.split("").reduce((flags, c) => flags | LETTERS[c]!, 0);
}

function writeIpv4(v: DataView, isForth: boolean): void {
  v.setUint8(0, 0x45);
  v.setUint16(2, v.byteLength);
  v.setUint8(8, 64);
  v.setUint8(9, 6);
  v.setUint32(12, isForth ? 0x0a000001 : 0x0a000002);
  v.setUint32(16, isForth ? 0x0a000002 : 0x0a000001);
}

function optionsOf(text: string): Uint8Array {
  const words = text === "" ? [] : text.split(" ");
  const out: number[] = [];
  for (let i = 0; i < words.length;) {
    const word = words[i++]!;
    if (word === "mss") out.push(2, 4, ...be(Number(words[i++]), 2));
    else if (word === "wscale") out.push(3, 3, Number(words[i++]));
    else if (word === "sackOK") out.push(4, 2);
    else if (word === "sack") {
      const edges: number[] = [];
      while (/^\d+$/.test(words[i] ?? "")) edges.push(Number(words[i++]));
      out.push(5, 2 + 4 * edges.length, ...edges.flatMap((edge) => be(edge, 4)));
    } else if (word === "ts")
      out.push(8, 10, ...be(Number(words[i++]), 4), ...be(Number(words[i++]), 4));
    else if (word === "tfo") {
      const cookie = /^[\da-f]{8,}$/.test(words[i] ?? "") ? parseHex(words[i++]!) : [];
      out.push(34, 2 + cookie.length, ...cookie);
    }
  }
  while (out.length % 4 !== 0) out.push(1);
  return Uint8Array.from(out);
}

function be(value: number, bytes: number): number[] {
  return Array.from({ length: bytes }, (_, i) => (value >>> ((bytes - 1 - i) * 8)) & 255);
}
