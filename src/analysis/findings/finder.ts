/**
 * Finds what somebody should know about the connections of a capture.
 *
 * ```ts
 * const finder = new FindingFinder();
 * const verdicts = new VerdictAnalyzer();
 * const causes = new CauseAnalyzer();
 * const tracker = new SegmentTracker({
 *   onSegment: (s) => finder.onSegment(s, verdicts.analyze(s), causes.analyze(s)),
 *   onOther: (packet, path) => finder.onOther(packet, path),
 * });
 * // … packets …
 * for (const { severity, sentence } of finder.finish().findings) print(severity, sentence.en);
 * ```
 *
 * Streaming: memory follows the number of connections, and what is found has
 * bounds.
 *
 * @module
 */
import type { CaptureStats, PacketRecord } from "../../pcap/sink.ts";
import { formatEndpoint } from "../../trace/endpoint.ts";
import type { SegmentRecord } from "../../trace/segment.ts";
import type { PacketPath } from "../../wire/path.ts";
import { Flag } from "../../wire/tcp.ts";
import { Cause } from "../causes/cause.ts";
import type { SegmentCauses } from "../causes/result.ts";
import { isSentAgain } from "../causes/sent-again.ts";
import type { SegmentVerdicts } from "../verdicts/result.ts";
import { ENDS, ENDS_FIRST } from "../words.ts";
import type { Breaks } from "./breaks.ts";
import { severityOf } from "./catalogue.ts";
import { FindingCollector } from "./collector.ts";
import { Copies } from "./copies.ts";
import { Crowd } from "./crowd.ts";
import { detectorsOn } from "./detectors.ts";
import { CaptureState } from "./capture-state.ts";
import { ConnectionFacts, SideFacts } from "./facts.ts";
import type { Finding, FindingsReport, FindingWords } from "./finding.ts";
import { IcmpErrors } from "./detectors/icmp.ts";
import { kindOf } from "./kind.ts";
import type { Detector, Draft, EndedSide, Ending, Moment, Workbench } from "./moment.ts";
import { Layout, Row, Rows } from "./rows.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NS = 1_000_000_000;

/** See the module. */
export class FindingFinder {
  readonly #bench: Workbench;
  /** Those that look at the end of a connection. */
  readonly #atEnd: readonly Detector[];
  readonly #crowd: Crowd;
  readonly #copies: Copies;
  readonly #icmp: IcmpErrors;
  readonly #capture = new CaptureState();
  readonly #sides: Rows;
  readonly #connections: Rows;
  readonly #collector = new FindingCollector();
  readonly #moment: Mutable<Moment>;
  readonly #ending: Mutable<Ending>;
  /** Connection slots that have been used. */
  #slots = 0;
  #streams = 0;
  #epochSec = -1;
  #isFinished = false;

  /** @param more Further detectors, which report nothing or findings of the catalogue. */
  constructor(more: (bench: Workbench) => readonly Detector[] = () => []) {
    const side = new Layout();
    const connection = new Layout();
    const facts = new SideFacts(side);
    const connectionFacts = new ConnectionFacts(connection);
    this.#bench = { side, connection, facts, connectionFacts };
    this.#copies = new Copies(this.#bench);
    this.#icmp = new IcmpErrors();
    const all = [...detectorsOn(this.#bench), this.#copies, this.#icmp, ...more(this.#bench)];
    this.#crowd = new Crowd(all);
    this.#atEnd = all.filter((detector) => detector.onEnd !== undefined);
    this.#sides = new Rows(side);
    this.#connections = new Rows(connection);
    this.#moment = newMoment();
    this.#ending = this.#newEnding();
  }

  /** Takes the next segment, its verdicts and, for more precise words, its cause; in the order of the capture, from one tracker. */
  onSegment(s: SegmentRecord, v: SegmentVerdicts, causes: SegmentCauses | null = null): void {
    const time = this.#timeOf(s.packet);
    this.#capture.onPacket(s.packet, time);
    if (s.isNewStream) this.#begin(s);
    // A socket that is connected to itself has no two sides to tell of.
    if (s.flow === s.reverseFlow) return;
    this.#seat(s, v, time);
    const m = this.#moment;
    m.cause = causes?.cause ?? Cause.NONE;
    m.isAgain = isSentAgain(v.bits, m.cause);
    const { connectionFacts } = this.#bench;
    const isFirst = m.connection.get(connectionFacts.version) === 0;
    if (isFirst) {
      if (s.path.isQuoted) return;
      connectionFacts.begin(m);
    }
    if (s.path.isQuoted) return this.#icmp.onQuoted(m);
    this.#capture.onSegment(m);
    if (this.#copies.isCopy(m)) return;
    const isWatched = m.connection.get(connectionFacts.watched) !== 0;
    this.#crowd.show(m, kindOf(m, isFirst, isWatched));
    this.#bench.facts.note(m);
  }

  /** Takes a packet without a segment. */
  onOther(packet: PacketRecord, path: PacketPath): void {
    this.#capture.onPacket(packet, this.#timeOf(packet));
    this.#capture.onOther(path);
  }

  /** Takes what the capture counted of itself. */
  onStats(stats: CaptureStats): void {
    this.#capture.onStats(stats);
  }

  /** Nothing more comes of the connection in `slot`, in a capture that goes on as `breaks` has it. */
  end(slot: number, breaks: Breaks): void {
    if (slot >= this.#slots) return;
    this.#end(slot, breaks);
    this.#resetSlot(slot);
  }

  /** What was found; the finder must not be used after it. */
  finish(): FindingsReport {
    if (!this.#isFinished) {
      this.#isFinished = true;
      for (let slot = 0; slot < this.#slots; slot++) this.#end(slot, this.#capture);
      this.#capture.report((draft, words) => this.#collect(draft, words, null));
    }
    const { packets, segments, spanNs } = this.#capture;
    return {
      findings: this.#collector.findings(),
      more: this.#collector.more(),
      looked: { packets, segments, connections: this.#streams, spanNs },
    };
  }

  #timeOf({ sec, nsec }: PacketRecord): number {
    if (this.#epochSec === -1) this.#epochSec = sec;
    return (sec - this.#epochSec) * NS + nsec;
  }

  /** A connection on a slot: the one that had it has ended. */
  #begin(s: SegmentRecord): void {
    const slot = s.flow >>> 1;
    this.#streams++;
    while (this.#slots <= slot) this.#resetSlot(this.#slots++);
    this.#end(slot, this.#capture);
    this.#resetSlot(slot);
  }

  #resetSlot(slot: number): void {
    this.#sides.reset(slot * 2);
    this.#sides.reset(slot * 2 + 1);
    this.#connections.reset(slot);
  }

  #seat(s: SegmentRecord, v: SegmentVerdicts, time: number): void {
    const m = this.#moment;
    this.#sides.seat(m.fwd, s.flow);
    this.#sides.seat(m.rev, s.reverseFlow);
    this.#connections.seat(m.connection, s.flow >>> 1);
    m.s = s;
    m.v = v;
    m.time = time;
    m.frame = s.packet.frame;
    m.flags = s.tcpFlags;
    m.bits = v.bits;
    m.flow = s.flow;
    m.reverseFlow = s.reverseFlow;
    m.isPureAck =
      s.payloadLen === 0 &&
      s.isLenKnown &&
      (s.tcpFlags & (Flag.SYN | Flag.FIN | Flag.RST | Flag.ACK)) === Flag.ACK;
  }

  #end(slot: number, capture: Pick<Breaks, "endAfter">): void {
    const ending = this.#ending;
    const { connection, sides } = ending;
    this.#connections.seat(connection, slot);
    if (connection.get(this.#bench.connectionFacts.version) === 0) return;
    const clientFlow = connection.get(this.#bench.connectionFacts.clientFlow);
    for (const side of sides) {
      const flow = side.end === 0 ? clientFlow : clientFlow ^ 1;
      this.#sides.seat(side.row, flow);
      this.#sides.seat(side.other, flow ^ 1);
      setFlows(side, flow);
    }
    const { lastFrame } = this.#bench.facts;
    const [client, server] = sides;
    const last = Math.max(client.row.get(lastFrame), server.row.get(lastFrame));
    ending.now = capture.endAfter(last);
    for (const detector of this.#atEnd) detector.onEnd!(ending);
  }

  #collect(draft: Draft, words: () => FindingWords, connection: Row | null): void {
    const { id, severity = severityOf(id), certainty = "certain", weight = 0 } = draft;
    const { connectionFacts: c } = this.#bench;
    const stream = connection?.get(c.stream) ?? null;
    this.#collector.add({ id, severity, weight, stream }, (): Finding => {
      const { sentence, cause, advice } = words();
      return {
        id,
        severity,
        certainty,
        stream,
        client: connection === null ? "" : formatEndpoint(c.endpoint(connection, 0)),
        server: connection === null ? "" : formatEndpoint(c.endpoint(connection, 1)),
        sentence,
        cause,
        advice,
        evidence: {
          frames: draft.frames,
          atNs: draft.atNs ?? null,
          numbers: draft.numbers ?? {},
        },
      };
    });
  }

  #newEnding(): Mutable<Ending> {
    const connection = new Row();
    const rows = [new Row(), new Row(), new Row(), new Row()] as const;
    return {
      connection,
      sides: [newSide(0, rows[0], rows[1]), newSide(1, rows[2], rows[3])],
      now: 0,
      report: (draft, words) => this.#collect(draft, words, connection),
    };
  }
}

function newSide(end: 0 | 1, row: Row, other: Row): EndedSide {
  const names = { name: ENDS[end], Name: ENDS_FIRST[end] };
  const others = { otherName: ENDS[1 - end]!, OtherName: ENDS_FIRST[1 - end]! };
  return { flow: 0, otherFlow: 1, row, other, end, ...names, ...others };
}

function setFlows(side: Mutable<EndedSide>, flow: number): void {
  side.flow = flow;
  side.otherFlow = flow ^ 1;
}

function newMoment(): Mutable<Moment> {
  const nothing: unknown = null;
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- set before the moment is first seen
    s: nothing as SegmentRecord,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- set before the moment is first seen
    v: nothing as SegmentVerdicts,
    time: 0.5,
    frame: 0,
    flags: 0,
    bits: 0,
    flow: 0,
    reverseFlow: 1,
    fwd: new Row(),
    rev: new Row(),
    connection: new Row(),
    cause: 0,
    isAgain: false,
    isPureAck: false,
  };
}
