/**
 * The six steps of a client's conversation with a server: listen, dial,
 * accept, the client writes, the server writes, they close. Each names the
 * calls that made it and the segments that came of them, found by
 * {@link attributeCalls}, never by their order in the capture.
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import type { CallEvent } from "../pcap/event.ts";
import type { Row } from "../trace/table.ts";
import { attributeCalls, type CallMap } from "./calls.ts";
import type { CallSegments } from "./call-segments.ts";
import { factsOf, type Facts } from "./facts.ts";
import { count, ENDS_FIRST, plural } from "./words.ts";
import type { Trace } from "../trace/trace.ts";

/** One step, with the calls and the frames that it consists of. */
export interface Step {
  readonly number: 1 | 2 | 3 | 4 | 5 | 6;
  readonly title: Text;
  /** The call that the step is about, then those at the other end that it served. */
  readonly calls: readonly CallEvent[];
  /** Frame numbers, rising; empty where no segment belongs to it. */
  readonly frames: readonly number[];
  /** What came of it. */
  readonly text: Text;
}

/** The steps of `stream` that the recording has calls for; empty when it has no calls. */
export function sixSteps(trace: Trace, stream: number, calls?: CallMap): Step[] {
  const map = calls ?? attributeCalls(trace);
  const own = map.ofStream(stream);
  if (own.length === 0) return [];
  const f = factsOf(trace, stream);
  const steps = [
    listenStep(f, map),
    dialStep(f, own),
    acceptStep(f, own),
    writeStep(f, own, 0),
    writeStep(f, own, 1),
    closeStep(f, own),
  ];
  return steps.filter((s) => s !== null);
}

function listenStep(f: Facts, map: CallMap): Step | null {
  const { port } = f.trace.endpoint(f.stream, 1);
  const accept = map.ofStream(f.stream).find((c) => c.call.op === "accept");
  const call = map.listenOn(port, accept?.call);
  if (call === null) return null;
  return {
    number: 1,
    title: text("The server listens", "服务端监听端口"),
    calls: [call],
    frames: [],
    text: text(
      `listen puts port ${port} on the system's list; no segment is sent.`,
      `listen 让系统记下端口 ${port}，不发送任何报文段。`,
    ),
  };
}

function dialStep(f: Facts, own: readonly CallSegments[]): Step | null {
  const dial = own.find((c) => c.call.op === "dial");
  if (dial === undefined) return null;
  const n = dial.made.length;
  return {
    number: 2,
    title: text("The client dials", "客户端发起连接"),
    calls: [dial.call],
    frames: framesOf(f, dial.made),
    text:
      n === 0
        ? text("Its SYN is not in the capture.", "它的 SYN 不在抓包中。")
        : text(
            `dial sends a SYN${n > 1 ? `, ${count(n)} times in all` : ""}: the first segment of the handshake.`,
            `dial 发出 SYN${n > 1 ? `（共 ${count(n)} 次）` : ""}：握手的第一个报文段。`,
          ),
  };
}

function acceptStep(f: Facts, own: readonly CallSegments[]): Step | null {
  const accept = own.find((c) => c.call.op === "accept");
  if (accept === undefined) return null;
  const { synAck, ack, resent } = f.handshake;
  const rows = [synAck, ack, ...resent[1]].filter((row) => row !== null);
  const data = ack === null ? 0 : f.trace.segments.columns.payloadLen[ack]!;
  return {
    number: 3,
    title: text("They are connected", "建立连接"),
    calls: [accept.call],
    frames: framesOf(f, rows),
    text: text(
      `The server's system answers SYN-ACK, the client's confirms${data > 0 ? ` (together with its first ${plural(data, "byte")})` : ""}; then accept hands the connection over.`,
      `服务端的系统回复 SYN-ACK，客户端的系统确认${data > 0 ? `（同时带上了前 ${count(data)} 字节数据）` : ""}，随后 accept 得到这个连接。`,
    ),
  };
}

/** The first write of one end, what carried it, what confirmed it, and the reads that took it. */
function writeStep(f: Facts, own: readonly CallSegments[], end: 0 | 1): Step | null {
  const writes = own.filter((c) => c.end === end && c.call.op === "write" && c.range !== null);
  const first = writes[0];
  if (first?.range == null) return null;
  const { from, to } = first.range;
  const reads = own.filter(
    (c) =>
      c.end !== end &&
      c.call.op === "read" &&
      c.range !== null &&
      c.range.from < to &&
      c.range.to > from,
  );
  const rows = [...first.made, first.ackedBy].filter((row) => row !== null);
  return {
    number: end === 0 ? 4 : 5,
    title:
      end === 0
        ? text("The client sends data", "客户端向服务端发送数据")
        : text("The server sends data", "服务端向客户端发送数据"),
    calls: [first.call, ...reads.map((r) => r.call)],
    frames: framesOf(f, rows),
    text: writeText(f, first, reads.length, writes.length - 1),
  };
}

function writeText(f: Facts, w: CallSegments, reads: number, more: number): Text {
  const { payloadLen } = f.trace.segments.columns;
  const bytes = w.call.bytes ?? 0;
  const isOwnSegment = w.ackedBy !== null && payloadLen[w.ackedBy] === 0;
  const ack =
    w.ackedBy === null
      ? text("", "")
      : isOwnSegment
        ? text(", confirmed by a segment of its own", "，由单独的报文段确认")
        : text(
            ", confirmed by the segment that carries the answer",
            "，由携带回答的报文段顺便确认",
          );
  const took =
    reads === 0
      ? text("", "")
      : text(`; ${plural(reads, "read")} took it`, `；对方用 ${count(reads)} 次 read 取走`);
  const rest =
    more === 0
      ? text("", "")
      : text(` ${plural(more, "more write")} followed.`, `之后还有 ${count(more)} 次 write。`);
  return text(
    `write of ${plural(bytes, "byte")} became ${plural(w.rows.length, "segment")}${ack.en}${took.en}.${rest.en}`,
    `write ${count(bytes)} 字节变成 ${count(w.rows.length)} 个报文段${ack.zh}${took.zh}。${rest.zh}`,
  );
}

function closeStep(f: Facts, own: readonly CallSegments[]): Step | null {
  const closes = own.filter((c) => c.call.op === "close" || c.call.op === "closeWrite");
  const made = closes.filter((c) => c.made.length > 0);
  const first = made.toSorted((a, b) => a.made[0]! - b.made[0]!)[0] ?? closes[0];
  if (first === undefined) return null;
  const rows = f.ends.flatMap((e): (Row | null)[] => [e.fin, ...e.again, e.ackedBy, e.rst]);
  const others = closes.filter((c) => c !== first);
  const met = own.filter((c) => c.call.op === "read" && c.call.eof);
  const frames = framesOf(
    f,
    rows.filter((row) => row !== null),
  );
  const isClean = f.outcome === "closed";
  const n = frames.length;
  const who = ENDS_FIRST[first.end];
  return {
    number: 6,
    title: text(`${who.en} closes`, `${who.zh}断开连接`),
    calls: [first.call, ...met.map((c) => c.call), ...others.map((c) => c.call)],
    frames,
    text: closeText(first, n, isClean),
  };
}

function closeText(first: CallSegments, n: number, isClean: boolean): Text {
  const { op } = first.call;
  if (first.made.length === 0) {
    return text(`${op} is in no segment of the capture.`, `抓包中没有 ${op} 对应的报文段。`);
  }
  if (!isClean) {
    return text(`${op}: ${plural(n, "segment")}.`, `${op}：${count(n)} 个报文段。`);
  }
  return text(
    `${op} sends a FIN; with the other end's FIN and the confirmations that makes ${plural(n, "segment")}.`,
    `${op} 发出 FIN；加上对方的 FIN 和双方的确认，共 ${count(n)} 个报文段。`,
  );
}

function framesOf(f: Facts, rows: readonly Row[]): number[] {
  return [...new Set(rows)].toSorted((a, b) => a - b).map((row) => f.trace.frameOf(row));
}
