/**
 * What a stack wrote down about its own segments, for one that is shown: why
 * it left, and the variables then. For reading in order, events before the packets
 * that follow them; memory is bounded.
 *
 * @module
 */
import { joinTexts, text, type Text } from "../base/lang.ts";
import { visible } from "../base/visible.ts";
import type { DecisionEvent, RecordedEvent, SampleEvent } from "../pcap/event.ts";
import type { SegmentRecord } from "../trace/segment.ts";
import { segmentsOf, sendReason } from "./story-stack-words.ts";
import { bitRate, count, duration } from "./words.ts";

/** Decisions that wait for their segment to be seen. */
const REMEMBERED = 4096;

/** What the sender's own stack tells of a segment. */
export interface StackNote {
  /** The reason that it was sent for, as in a decision `"sent"`; `null`: nobody wrote it down. */
  readonly why: string | null;
  /** What kept more data back when it left: `"cwnd"`, `"window"`, `"nothing"` …; `null` while not told. */
  readonly limited: string | null;
  /** The variables before; without a reason the newest that were told. */
  readonly sample: SampleEvent | null;
}

/** Takes events and tells of segments, as a capture holds them. */
export class StackNotes {
  /** By ports, number and length: the newest. */
  readonly #sent = new Map<string, StackNote>();
  /** By ports: the newest of each end. */
  readonly #samples = new Map<string, SampleEvent>();
  readonly #limited = new Map<string, string>();

  onEvents(events: readonly RecordedEvent[]): void {
    for (const e of events) {
      if (e.kind === "sample") remember(this.#samples, portsOf(e), e);
      else if (e.kind === "decision") this.#onDecision(e);
    }
  }

  #onDecision(e: DecisionEvent): void {
    if (e.act === "limited") remember(this.#limited, portsOf(e), e.why);
    if (e.act !== "sent") return;
    remember(this.#sent, `${portsOf(e)} ${e.seq} ${e.len}`, {
      why: e.why,
      ...this.#now(portsOf(e)),
    });
  }

  #now(ports: string): Pick<StackNote, "limited" | "sample"> {
    return {
      limited: this.#limited.get(ports) ?? null,
      sample: this.#samples.get(ports) ?? null,
    };
  }

  /** What its sender wrote down of it; `null`: nothing, as in every capture without such events. */
  noteOf({ srcPort, dstPort, seq, payloadLen, path }: SegmentRecord): StackNote | null {
    if (this.#sent.size + this.#samples.size === 0 || path.isQuoted) return null;
    const ports = `${srcPort} ${dstPort}`;
    const sent = this.#sent.get(`${ports} ${seq} ${payloadLen}`);
    if (sent !== undefined) return sent;
    const now = this.#now(ports);
    return now.sample === null ? null : { why: null, ...now };
  }

  /** Why its sender sent it and with which variables before; `null` when nobody wrote it down. */
  of(segment: SegmentRecord): Text | null {
    const sent = this.noteOf(segment);
    if (sent === null || sent.why === null) return null;
    const reason = sendReason(sent.why);
    const why = text(
      `Its sender's TCP stack wrote down why it left: ${reason.en}.`,
      `发送方的 TCP 协议栈记下了发送它的原因：${reason.zh}。`,
    );
    return sent.sample === null ? why : joinTexts([why, variables(sent.sample)]);
  }
}

function variables(s: SampleEvent): Text {
  const ssthresh = s.ssthresh === null ? "∞" : count(s.ssthresh);
  const srtt = s.srttNs === null ? "" : `, srtt ${duration(s.srttNs)}`;
  const pacing = s.pacingRate === null ? "" : `, pacing ${bitRate(s.pacingRate)}`;
  const all = `${visible(s.state)}, cwnd ${count(s.cwnd)} (${segmentsOf(s.cwnd, s.mss)} × ${count(s.mss)}), ssthresh ${ssthresh}, in flight ${count(s.flight)}, snd_wnd ${count(s.sndWnd)}${srtt}, rto ${duration(s.rtoNs)}${pacing}`;
  return text(`Its variables before: ${all}.`, `此前的变量：${all}。`);
}

const port = (address: string): string => address.slice(address.lastIndexOf(":") + 1);

function portsOf({ local, remote }: Pick<DecisionEvent, "local" | "remote">): string {
  return `${port(local)} ${port(remote)}`;
}

function remember<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= REMEMBERED) return;
  for (const oldest of map.keys()) {
    map.delete(oldest);
    return;
  }
}
