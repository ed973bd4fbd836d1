/**
 * What a stack decides, and its variables, as events of a recording: the
 * probe of one host.
 *
 * A decision is an event at once. The variables are read once all that
 * happens at a time has happened, and are an event when they have changed.
 *
 * @module
 */
import type { DecisionAct, DecisionEvent, RecordedEvent, SampleEvent } from "../pcap/event.ts";
import { formatAddress } from "../net/address.ts";
import type { HostProbe } from "../stack/host/host-probe.ts";
import type { Driven } from "../stack/simulation.ts";
import type { Decision, Probe, TcpEndpoint, TcpSegment } from "../stack/types.ts";
import { packetNames } from "./packet-names.ts";
import { toWallNs } from "./recorder.ts";

/** What of a decision goes into its event; `null`: nothing. */
interface Told {
  readonly act: DecisionAct;
  readonly why: string;
  readonly segment?: TcpSegment;
}

/** The probe of one host, which has one address and talks to one other. Add it to the simulation behind the hosts. */
export class Truth implements Probe, Driven {
  /** A machine without power has no truth to tell. */
  isSilent = false;
  readonly #local: string;
  readonly #remote: string;
  readonly #tell: (event: RecordedEvent) => void;
  readonly #changed = new Set<TcpEndpoint>();
  readonly #last = new WeakMap<TcpEndpoint, SampleEvent>();

  constructor(local: string, remote: string, tell: (event: RecordedEvent) => void) {
    this.#local = local;
    this.#remote = remote;
    this.#tell = tell;
  }

  onDecision(decision: Decision, endpoint: TcpEndpoint, nowNs: number): void {
    if (this.isSilent) return;
    this.#changed.add(endpoint);
    const told = tellOf(decision);
    if (told === null) return;
    const time = toWallNs(nowNs);
    const { act, why, segment } = told;
    const event: DecisionEvent = {
      kind: "decision",
      by: "stack",
      act,
      time,
      ...this.#namesOf(endpoint),
      why,
      seq: segment?.seq ?? null,
      len: segment?.payload.length ?? null,
      sent: act === "sent" ? time : null,
    };
    this.#tell(event);
  }

  /** For packets that end at the host itself. */
  readonly onHostDrop: HostProbe = ({ why, packet, atNs }) => {
    if (this.isSilent) return;
    const time = toWallNs(atNs);
    const names = packetNames(packet);
    this.#tell({ kind: "decision", by: "host", act: "dropped", time, ...names, why, sent: null });
  };

  pollAt(): number {
    return this.#changed.size === 0 ? Infinity : -Infinity;
  }

  /** Reads the variables of every endpoint that decided something. */
  poll(nowNs: number): void {
    for (const endpoint of this.#changed) this.#sample(endpoint, nowNs);
    this.#changed.clear();
  }

  #sample(endpoint: TcpEndpoint, nowNs: number): void {
    if (this.isSilent) return;
    const s = endpoint.status();
    const sample: SampleEvent = {
      kind: "sample",
      by: "stack",
      time: toWallNs(nowNs),
      ...this.#namesOf(endpoint),
      state: s.state,
      mss: s.sndMss,
      cwnd: Math.round(s.cwnd),
      ssthresh: Number.isFinite(s.ssthresh) ? Math.round(s.ssthresh) : null,
      sndWnd: s.sndWnd,
      rcvWnd: s.rcvWnd,
      flight: s.flight,
      queued: s.sendQueue,
      srttNs: s.srttNs === null ? null : Math.round(s.srttNs),
      rtoNs: Math.round(s.rtoNs),
      recovery: s.recovery,
      congestion: s.congestion,
      pacingRate: null,
    };
    const last = this.#last.get(endpoint);
    if (last !== undefined && isSame(last, sample)) return;
    this.#last.set(endpoint, sample);
    this.#tell(sample);
  }

  #namesOf({ localPort, remotePort }: TcpEndpoint): Pick<DecisionEvent, "local" | "remote"> {
    return {
      local: formatAddress({ hostname: this.#local, port: localPort }),
      remote: formatAddress({ hostname: this.#remote, port: remotePort }),
    };
  }
}

function tellOf(d: Decision): Told | null {
  switch (d.type) {
    case "sent":
      return { act: "sent", why: d.why, segment: d.segment };
    case "drop":
      return { act: "dropped", why: d.why, segment: d.segment };
    case "trim":
      return { act: "trimmed", why: `${d.bytes} bytes: ${d.why}`, segment: d.segment };
    case "state":
      return { act: "state", why: `${d.from} -> ${d.to}: ${d.why}` };
    case "timer":
      return { act: "timer", why: d.timer };
    case "recovery":
      return { act: "recovery", why: `${d.from} -> ${d.to}: ${d.why}` };
    case "limited":
      return { act: "limited", why: d.by };
    case "received":
    case "rtt":
      return null;
  }
}

/** The variables are the same, only the time is not. */
function isSame(a: SampleEvent, b: SampleEvent): boolean {
  return (
    a.state === b.state &&
    a.mss === b.mss &&
    a.cwnd === b.cwnd &&
    a.ssthresh === b.ssthresh &&
    a.sndWnd === b.sndWnd &&
    a.rcvWnd === b.rcvWnd &&
    a.flight === b.flight &&
    a.queued === b.queued &&
    a.srttNs === b.srttNs &&
    a.rtoNs === b.rtoNs &&
    a.recovery === b.recovery
  );
}
