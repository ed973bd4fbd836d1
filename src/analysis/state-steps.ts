/**
 * The changes of state of a connection, each with what caused it, in the terms of the diagram of
 * RFC 9293 §3.3.2 (figure 5).
 *
 * @module
 */
import { text, type Text } from "../base/lang.ts";
import type { Trace } from "../trace/trace.ts";
import { Flag } from "../wire/tcp.ts";
import { type StateName, STATES, type StateTrack } from "./states.ts";

/** An edge of the diagram. */
export interface StateEdge {
  readonly from: StateName;
  readonly to: StateName;
  /** The event and the action, as the figure has them; `null`: nothing is done. */
  readonly event: string;
  readonly action: string | null;
  /** In plain words. */
  readonly text: Text;
}

/** All edges of the figure; TIME-WAIT straight from FIN-WAIT-1 is its note 2, the RST to LISTEN its note 1. */
export const STATE_EDGES: readonly StateEdge[] = [
  edge("CLOSED", "LISTEN", "passive OPEN", "create TCB", "listens", "开始监听"),
  edge("LISTEN", "CLOSED", "CLOSE", "delete TCB", "listens no more", "不再监听"),
  edge("CLOSED", "SYN-SENT", "active OPEN", "snd SYN", "dials: sends SYN", "发起连接：发 SYN"),
  edge("SYN-SENT", "CLOSED", "CLOSE", "delete TCB", "gives up dialing", "放弃连接"),
  edge("LISTEN", "SYN-SENT", "SEND", "snd SYN", "sends SYN itself", "主动发出 SYN"),
  edge(
    "LISTEN",
    "SYN-RECEIVED",
    "rcv SYN",
    "snd SYN,ACK",
    "got SYN, answers SYN,ACK",
    "收到 SYN，回 SYN,ACK",
  ),
  edge("SYN-RECEIVED", "LISTEN", "rcv RST", null, "was reset, listens on", "被重置，继续监听"),
  edge(
    "SYN-SENT",
    "SYN-RECEIVED",
    "rcv SYN",
    "snd SYN,ACK",
    "both dialed at once",
    "双方同时发起连接",
  ),
  edge(
    "SYN-SENT",
    "ESTABLISHED",
    "rcv SYN,ACK",
    "snd ACK",
    "got SYN,ACK, confirms it",
    "收到 SYN,ACK，予以确认",
  ),
  edge(
    "SYN-RECEIVED",
    "ESTABLISHED",
    "rcv ACK of SYN",
    null,
    "its SYN was confirmed",
    "自己的 SYN 被确认",
  ),
  edge(
    "SYN-RECEIVED",
    "FIN-WAIT-1",
    "CLOSE",
    "snd FIN",
    "closes before any FIN came: sends FIN",
    "还没收到对方的 FIN 就关闭：发 FIN",
  ),
  edge(
    "ESTABLISHED",
    "FIN-WAIT-1",
    "CLOSE",
    "snd FIN",
    "closes before any FIN came: sends FIN",
    "还没收到对方的 FIN 就关闭：发 FIN",
  ),
  edge("ESTABLISHED", "CLOSE-WAIT", "rcv FIN", "snd ACK", "the other end closed", "对方关闭了"),
  edge("FIN-WAIT-1", "FIN-WAIT-2", "rcv ACK of FIN", null, "its FIN was confirmed", "FIN 被确认"),
  edge("FIN-WAIT-1", "CLOSING", "rcv FIN", "snd ACK", "both closed at once", "双方同时关闭"),
  edge(
    "FIN-WAIT-1",
    "TIME-WAIT",
    "rcv FIN,ACK of FIN",
    "snd ACK",
    "its FIN was confirmed with the other's FIN",
    "FIN 被确认，同时收到对方的 FIN",
  ),
  edge("FIN-WAIT-2", "TIME-WAIT", "rcv FIN", "snd ACK", "the other end closed too", "对方也关闭了"),
  edge("CLOSING", "TIME-WAIT", "rcv ACK of FIN", null, "its FIN was confirmed", "FIN 被确认"),
  edge("CLOSE-WAIT", "LAST-ACK", "CLOSE", "snd FIN", "closes too: sends FIN", "也关闭：发 FIN"),
  edge("LAST-ACK", "CLOSED", "rcv ACK of FIN", null, "its FIN was confirmed", "FIN 被确认"),
  edge(
    "TIME-WAIT",
    "CLOSED",
    "timeout 2MSL",
    "delete TCB",
    "waited long enough, forgets it",
    "等够时间后遗忘",
  ),
];

/** A change of one end. */
export interface StateStep {
  /** Index of the segment in the stream after which it is so. */
  readonly index: number;
  readonly frame: number;
  /** 0: the client. */
  readonly end: 0 | 1;
  readonly from: StateName;
  readonly to: StateName;
  /** Index in {@link STATE_EDGES}; -1 for what the figure does not draw. */
  readonly edge: number;
  /** What caused it. */
  readonly text: Text;
}

/** Steps of one stream that are told: a connection that goes on for ever has a handful. */
export const MAX_STATE_STEPS = 4096;

/** The changes in the order of the capture, the sender's before the receiver's; at most {@link MAX_STATE_STEPS}. */
export function stateSteps(trace: Trace, stream: number, track: StateTrack): readonly StateStep[] {
  const rows = trace.rowsOf(stream);
  const { dir, flags } = trace.segments.columns;
  const shown = [track.client, track.server] as const;
  const before = track.initial.map((name) => STATES.indexOf(name));
  const steps: StateStep[] = [];
  for (let i = 0; i < rows.length && steps.length < MAX_STATE_STEPS; i++) {
    const row = rows[i]!;
    const sender = dir[row] === 0 ? 0 : 1;
    for (const end of [sender, 1 - sender] as const) {
      const now = shown[end]![i]!;
      const was = before[end]!;
      if (now === was) continue;
      before[end] = now;
      const [from, to] = [STATES[was]!, STATES[now]!];
      const frame = trace.frameOf(row);
      const found = edgeOf(from, to, flags[row]!);
      const words = STATE_EDGES[found]?.text ?? otherwise(from, to, flags[row]!, end === sender);
      steps.push({ index: i, frame, end: end === 0 ? 0 : 1, from, to, edge: found, text: words });
    }
  }
  return steps;
}

/** A RST is none of the edges to CLOSED. */
function edgeOf(from: StateName, to: StateName, flags: number): number {
  if ((flags & Flag.RST) !== 0 && to === "CLOSED") return -1;
  return STATE_EDGES.findIndex((e) => e.from === from && e.to === to);
}

function otherwise(from: StateName, to: StateName, flags: number, isSender: boolean): Text {
  if ((flags & Flag.RST) !== 0) {
    return isSender
      ? text("breaks the connection off: sends RST", "中断连接：发 RST")
      : text("the other end broke it off: got RST", "被对方中断：收到 RST");
  }
  if ((flags & Flag.SYN) !== 0) return text("a new start with SYN", "以 SYN 重新开始");
  return text(
    `several steps at once, or a segment that was not captured: ${from} to ${to}`,
    `一次经过几步，或中间有没抓到的报文段：${from} 到 ${to}`,
  );
}

function edge(
  from: StateName,
  to: StateName,
  event: string,
  action: string | null,
  en: string,
  zh: string,
): StateEdge {
  return { from, to, event, action, text: text(en, zh) };
}
