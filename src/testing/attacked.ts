/**
 * Connections for attacks: their numbers are about to wrap, what they refuse
 * is kept with its reason, and in the end nothing of them may be left.
 *
 * @module
 */
import { generic, type Profile } from "../stack/tcp/profile.ts";
import type { Decision, Probe, TcpErrorCode } from "../stack/types.ts";
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
