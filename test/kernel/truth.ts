/**
 * The kernel's reason for each retransmission: from the functions on the stack
 * when it was sent, the congestion state then, and what the link knows of the
 * packet.
 */
import type { CauseName } from "../../src/analysis/causes/cause.ts";
import { Flag } from "../../src/wire/tcp.ts";
import type { Passed } from "./link.ts";
import type { Truth } from "./run.ts";
import type { TraceEvent } from "./tracing.ts";

/** Congestion states of Linux. */
const RECOVERY = 3;
const LOSS = 4;

/** Functions of the kernel that decide to send again without an acknowledgement. */
const DECIDERS = [
  "reqsk_timer_handler",
  "tcp_send_loss_probe",
  "tcp_retransmit_timer",
  "tcp_rack_reo_timeout",
] as const;

type Decider = (typeof DECIDERS)[number];

/** A state set this long before belongs to the same timer. */
const SAME_NS = 2e6;

/** One retransmission of the kernel's. */
export interface Resent {
  readonly packet: Passed;
  readonly cause: CauseName;
  /** Its first byte had gone on before: the receiver gets it twice. */
  readonly isNeedless: boolean;
}

/** Segments with data, SYN or FIN that were sent before, of the side that opened or the one that answers. */
export function resentOf(truth: Truth): Resent[] {
  return (["client", "server"] as const).flatMap((side) => resentBy(truth, side));
}

function resentBy(truth: Truth, side: "client" | "server"): Resent[] {
  const packets = truth.passed.filter(({ from, copy }) => from === side && copy > 1);
  const isSent = ({ sport }: TraceEvent): boolean => (sport === truth.port) === (side === "server");
  const events = (truth.events ?? []).filter(isSent);
  const sent = events.filter(({ name }) => name !== "tcp_cong_state_set");
  if (sent.length !== packets.length) {
    throw new Error(
      `Cannot match "${truth.name}": the ${side}'s kernel tells of ${sent.length} retransmissions, ${packets.length} passed`,
    );
  }
  const walk = new Walk(truth, side);
  const resent: Resent[] = [];
  for (const event of events) {
    if (event.name === "tcp_cong_state_set") walk.enter(event.congestion, event.timeNs);
    else {
      const packet = packets[resent.length]!;
      const cause = walk.causeOf(event, packet);
      resent.push({ packet, cause, isNeedless: packet.isNeedless });
    }
  }
  return resent;
}

/** Segments behind a hole that show a loss. */
const DUP_THRESHOLD = 3;

/** Follows the states of one sender. */
class Walk {
  readonly #truth: Truth;
  readonly #side: "client" | "server";
  #state = 0;
  /** Numbers sent again in this recovery. */
  readonly #again = new Set<number>();
  #entry: CauseName | null = null;
  /** When the kernel last set the state, to the same one too. */
  #enteredNs = -Infinity;

  constructor(truth: Truth, side: "client" | "server") {
    this.#truth = truth;
    this.#side = side;
  }

  enter(state: number, timeNs: number): void {
    this.#enteredNs = timeNs;
    // Told again with each timeout, and with each recovery that follows another one.
    if (state !== this.#state) {
      this.#again.clear();
      this.#entry = null;
    }
    this.#state = state;
  }

  causeOf(event: TraceEvent, packet: Passed): CauseName {
    const cause = this.#kernels(event, packet);
    this.#again.add(packet.seq);
    return cause;
  }

  /** The function that decided. */
  #decider({ name: event, stack, state, timeNs }: TraceEvent): Decider | null {
    const found = DECIDERS.find((name) => stack.some((one) => one.startsWith(name)));
    if (found !== undefined || stack.length > 0) return found ?? null;
    // The kernel keeps no stack when a timer interrupts its idling. Acknowledgements are
    // handed to it by a system call of the link, so it was a timer, and the state tells which.
    if (event === "tcp_retransmit_synack") return "reqsk_timer_handler";
    const isEntered = timeNs - this.#enteredNs < SAME_NS;
    if (state === "TCP_SYN_SENT" || (this.#state === LOSS && isEntered)) {
      return "tcp_retransmit_timer";
    }
    return this.#state >= RECOVERY ? "tcp_rack_reo_timeout" : "tcp_send_loss_probe";
  }

  #kernels(event: TraceEvent, packet: Passed): CauseName {
    const decider = this.#decider(event);
    if (event.name === "tcp_retransmit_synack") {
      return decider === "reqsk_timer_handler" ? "syn_ack_timer" : "syn_again";
    }
    if (decider === "tcp_send_loss_probe") return "tlp";
    if (decider === "tcp_retransmit_timer") {
      this.#again.clear();
      if ((packet.flags & Flag.SYN) !== 0) return "syn_timer";
      return packet.len === 0 ? "fin_timer" : "rto";
    }
    if (this.#state === LOSS) {
      if (this.#again.has(packet.seq)) return "rack";
      return "rto_recovery";
    }
    return this.#fast(decider === "tcp_rack_reo_timeout", packet);
  }

  /** In a recovery without timeout. The kernel has RACK alone; a threshold of three is one of its rules. */
  #fast(isTimer: boolean, packet: Passed): CauseName {
    if (!this.#truth.hasSack) {
      const isFirst = this.#entry === null;
      this.#entry = "fast_dup_ack";
      return isFirst ? "fast_dup_ack" : "fast_partial_ack";
    }
    if (this.#again.has(packet.seq)) return "rack";
    const isEnough = this.#truth.hasThreshold && this.#behind(packet) >= DUP_THRESHOLD;
    this.#entry ??= isTimer || !isEnough ? "rack" : "fast_sack";
    return this.#entry;
  }

  /** Segments behind `packet` that were reported to its sender before. */
  #behind({ seq, timeNs }: Passed): number {
    const { passed } = this.#truth;
    const isKnown = (p: Passed): boolean => (p.arrivedNs ?? Infinity) < timeNs;
    const reports = passed.filter((p) => p.from !== this.#side && isKnown(p));
    const isReported = (one: Passed): boolean => reports.some(({ sack }) => covers(sack, one.seq));
    const behind = passed.filter(
      (p) => p.from === this.#side && p.copy === 1 && ((p.seq - seq) | 0) > 0 && isReported(p),
    );
    return behind.length;
  }
}

function covers(sack: readonly number[], seq: number): boolean {
  for (let i = 0; i + 1 < sack.length; i += 2) {
    if (((seq - sack[i]!) | 0) >= 0 && ((seq - sack[i + 1]!) | 0) < 0) return true;
  }
  return false;
}
