/**
 * Connections for attacks: their numbers are about to wrap, what they refuse
 * is kept with its reason, and in the end nothing of them may be left.
 *
 * @module
 */
import { generic, type Profile } from "../stack/tcp/profile.ts";
import type {
  Decision,
  Probe,
  TcpEndpoint,
  TcpErrorCode,
  TcpSegment,
  TcpState,
} from "../stack/types.ts";
import { Conversation, type ConversationInit } from "./conversation.ts";

/** Our first byte: two numbers before the wrap. */
export const OURS = 0xffff_fffe;
/** The peer's first byte: four numbers before the wrap. */
export const THEIRS = 0xffff_fffc;

/** `n` numbers on from ours. */
export const ours = (n: number): number => (OURS + n) >>> 0;
/** `n` numbers on from the peer's. */
export const theirs = (n: number): number => (THEIRS + n) >>> 0;

/** Keeps why something was refused. */
export class RefusalLog implements Probe {
  readonly #lines: string[] = [];

  onDecision(decision: Decision): void {
    if (decision.type === "drop") this.#lines.push(decision.why);
    if (decision.type === "trim") this.#lines.push(`${decision.bytes} bytes ${decision.why}`);
  }

  /** What was refused since the last time. */
  take(): string[] {
    return this.#lines.splice(0);
  }
}

/** A connection, and what it has refused. */
export interface Victim {
  readonly conversation: Conversation;
  readonly refused: RefusalLog;
}

/** What of a victim is not as RFCs have it. */
export interface VictimInit extends ConversationInit {
  /** What the peer's SYN-ACK offers: its window, MSS 100 and this. */
  readonly offer?: string;
  readonly win?: number;
}

/** Without options, so that lines are short. */
export const PLAIN: Profile = { ...generic, timestamps: false, sack: false, windowScaling: false };

/** In ESTABLISHED: we are at {@link OURS}, the peer at {@link THEIRS}. */
export function victim({ offer = "", win = 65_535, ...init }: VictimInit = {}): Victim {
  const refused = new RefusalLog();
  const conversation = Conversation.dial(ours(-1), { profile: PLAIN, probe: refused, ...init })
    .sends(`S ${ours(-1)}`)
    .arrives(`S. ${theirs(-1)} ack ${OURS} win ${win} mss 100 ${offer}`.trim())
    .sends(`. ${OURS} ack ${THEIRS}`)
    .is("ESTABLISHED")
    .tells("connected");
  return { conversation, refused };
}

/** The user has heard `error`, and buffers, scoreboard and timers are empty. */
export function isOver({ conversation }: Victim, error: TcpErrorCode | null): boolean {
  const { endpoint } = conversation;
  if (endpoint.poll(0) !== null) return false;
  const events: string[] = [];
  for (let e = endpoint.pollEvent(); e !== null; e = endpoint.pollEvent())
    if (e.type === "closed") events.push(e.error ?? "fine");
  const { sendQueue, outOfOrder, sacked } = endpoint.status();
  const isEmpty = endpoint.pollAt() === Infinity && sendQueue + outOfOrder + sacked === 0;
  return endpoint.state === "CLOSED" && isEmpty && events.join() === (error ?? "fine");
}

/** Runs the timers of `endpoint` until `untilNs`; `answer` plays the peer. How many segments it sent. */
export function drive(
  endpoint: TcpEndpoint,
  fromNs: number,
  untilNs: number,
  answer: (segment: TcpSegment) => TcpSegment | null = () => null,
): number {
  let nowNs = fromNs;
  let sent = 0;
  for (;;) {
    for (let s = endpoint.poll(nowNs); s !== null; s = endpoint.poll(nowNs)) {
      sent++;
      const reply = answer(s);
      if (reply !== null) endpoint.onSegment(reply, nowNs);
    }
    const at = endpoint.pollAt();
    if (at === Infinity || at > untilNs) return sent;
    nowNs = Math.max(nowNs, at);
  }
}

/** A connection in `state`; ours and the peer's numbers as in {@link victim}. */
export function victimIn(state: Exclude<TcpState, "CLOSED">, init: VictimInit = {}): Victim {
  const refused = new RefusalLog();
  const own = { profile: PLAIN, probe: refused, ...init };
  const syn = `S ${theirs(-1)} mss 100`;
  switch (state) {
    case "LISTEN":
      return { refused, conversation: Conversation.listen(ours(-1), own) };
    case "SYN-SENT":
      return { refused, conversation: Conversation.dial(ours(-1), own).sends(`S ${ours(-1)}`) };
    case "SYN-RECEIVED": {
      const conversation = Conversation.listen(ours(-1), own).arrives(syn);
      return { refused, conversation: conversation.sends(`S. ${ours(-1)} ack ${THEIRS}`) };
    }
    case "ESTABLISHED":
      return victim(init);
    case "FIN-WAIT-1":
    case "FIN-WAIT-2":
    case "CLOSE-WAIT":
    case "CLOSING":
    case "LAST-ACK":
    case "TIME-WAIT": {
      const v = victim(init);
      walkTo(v.conversation, state);
      v.refused.take();
      return v;
    }
  }
}

/** From ESTABLISHED to `state`. */
function walkTo(c: Conversation, state: TcpState): void {
  const fin = `F. ${OURS} ack ${THEIRS}`;
  const theirFin = `F. ${THEIRS} ack`;
  if (state === "FIN-WAIT-1") c.closesWrite().sends(fin);
  if (state === "FIN-WAIT-2")
    c.closesWrite()
      .sends(fin)
      .arrives(`. ${THEIRS} ack ${ours(1)}`);
  if (state === "CLOSE-WAIT") c.arrives(`${theirFin} ${OURS}`).sends(`. ${OURS} ack ${theirs(1)}`);
  if (state === "CLOSING")
    c.closesWrite()
      .sends(fin)
      .arrives(`${theirFin} ${OURS}`)
      .sends(`. ${ours(1)} ack ${theirs(1)}`);
  if (state === "LAST-ACK")
    c.arrives(`${theirFin} ${OURS}`)
      .sends(`. ${OURS} ack ${theirs(1)}`)
      .closesWrite()
      .sends(`F. ${OURS} ack ${theirs(1)}`);
  if (state === "TIME-WAIT")
    c.closesWrite()
      .sends(fin)
      .arrives(`${theirFin} ${ours(1)}`)
      .sends(`. ${ours(1)} ack ${theirs(1)}`);
  c.is(state);
}
