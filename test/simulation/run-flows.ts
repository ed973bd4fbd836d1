/**
 * Bulk flows over one bottleneck for a while, and what came of it.
 *
 * @module
 */
import { Host } from "../../src/stack/host/host.ts";
import type { LaneOptions } from "../../src/stack/link/lane-options.ts";
import { Simulation } from "../../src/stack/simulation.ts";
import { linux, type Profile } from "../../src/stack/tcp/profile.ts";
import { bulkReader, bulkSender } from "./bulk-user.ts";
import { Dumbbell } from "./dumbbell.ts";
import { Meter } from "./meter.ts";

const MS = 1e6;
const SECOND = 1e9;

/** Bytes of payload in a full segment: timestamps are on. */
export const MSS = 1448;
/** Bytes of the packet around it. */
const PACKET = 1500;

/** Packets that a link of `bitsPerSecond` has under way in a round trip. */
export function bdpPackets(bitsPerSecond: number, rttNs: number): number {
  return (bitsPerSecond * rttNs) / SECOND / 8 / PACKET;
}

/** Looks at cwnd so often in a round trip. */
const LOOKS_PER_RTT = 4;

/** Of both ends, so large that only cwnd counts. */
const BUFFER = 8 << 20;

const RECEIVER = "10.0.1.1";

/** One flow. */
export interface FlowInit {
  /** Without what the bottleneck adds. */
  readonly rttNs: number;
  readonly congestion: Profile["congestion"];
  /** When it begins; 0 unless told. */
  readonly startNs?: number | undefined;
  /** Segments of the initial window; ten unless told. */
  readonly initialWindow?: number | undefined;
}

/** Flows, their bottleneck and their time. */
export interface RunInit {
  readonly flows: readonly FlowInit[];
  readonly bottleneck: LaneOptions;
  readonly seed: number;
  /** What happens before is not measured. */
  readonly fromNs: number;
  readonly untilNs: number;
  /** The receiver acknowledges every segment at once; else every second one. */
  readonly acksEach?: boolean | undefined;
}

/** Of one flow in the time that is measured. */
export interface FlowResult {
  /** Payload bits a second that the receiver's program got. */
  readonly goodput: number;
  /** Segments sent again for each that was sent. */
  readonly resent: number;
  readonly timeouts: number;
  /** Of cwnd over time, in segments. */
  readonly meanCwnd: number;
}

/** A link so wide that nothing waits: the window alone decides. */
export const WIDE: LaneOptions = { bitsPerSecond: 10e9, queue: { packets: 100_000 } };

/** What came of a run. */
export interface RunResult {
  readonly flows: readonly FlowResult[];
  /** How long a packet waited for the wire, in the mean. */
  readonly meanQueueNs: number;
}

/** Runs `init.flows` from time 0 to `untilNs`. */
export function runFlows(init: RunInit): RunResult {
  const queue = { packets: 0, waitedNs: 0 };
  const bottleneck: LaneOptions = {
    ...init.bottleneck,
    probe: (event) => {
      if (event.name !== "sending") return;
      queue.packets++;
      queue.waitedNs += event.waitedNs;
    },
  };
  const rtts = init.flows.map(({ rttNs }) => rttNs);
  const net = new Dumbbell(bottleneck, rtts, init.seed);
  const sim = new Simulation();
  const meters = startFlows(init, net, sim);
  sim.run(init.fromNs);
  for (const meter of meters) meter.reset();
  queue.packets = 0;
  queue.waitedNs = 0;
  sim.run(init.untilNs);
  const seconds = (init.untilNs - init.fromNs) / SECOND;
  return {
    flows: meters.map((meter) => resultOf(meter, seconds)),
    meanQueueNs: queue.packets === 0 ? 0 : queue.waitedNs / queue.packets,
  };
}

function resultOf(meter: Meter, seconds: number): FlowResult {
  return {
    goodput: (meter.received * 8) / seconds,
    resent: meter.resent / Math.max(1, meter.segments),
    timeouts: meter.timeouts,
    meanCwnd: meter.cwndSum / Math.max(1, meter.looks) / MSS,
  };
}

/** A host for each flow, and a port of the receiver. */
function startFlows(init: RunInit, net: Dumbbell, sim: Simulation): Meter[] {
  const profile = { ...linux, receiveBufferMax: BUFFER };
  const options = {
    receiveBuffer: BUFFER,
    sendBuffer: BUFFER,
    quickAck: init.acksEach ?? false,
  };
  const common = { options, checksums: false };
  const receiver = sim.add(
    new Host({ addresses: [RECEIVER], device: net.receiver, profile, ...common }),
  );
  return init.flows.map((flow, i) => {
    const meter = new Meter();
    const port = i + 1;
    readAt(receiver, port, meter);
    const sender = sim.add(
      new Host({
        addresses: [`10.0.0.${port}`],
        device: net.senders[i]!,
        profile: {
          ...profile,
          congestion: flow.congestion,
          initialWindow: flow.initialWindow ?? profile.initialWindow,
        },
        ...common,
      }),
    );
    const start = (): void => startSending(sim, sender, { port, meter, flow });
    sim.after((flow.startNs ?? 0) / MS, start);
    return meter;
  });
}

function readAt(receiver: Host, port: number, meter: Meter): void {
  const listener = receiver.listen(RECEIVER, port);
  listener.user = {
    onReady() {
      const socket = listener.accept();
      if (socket !== null) socket.user = bulkReader(meter);
    },
  };
}

function startSending(
  sim: Simulation,
  sender: Host,
  { port, meter, flow }: { port: number; meter: Meter; flow: FlowInit },
): void {
  const socket = sender.connect(RECEIVER, port, sim.nowNs, { probe: meter });
  socket.user = bulkSender;
  const everyMs = flow.rttNs / LOOKS_PER_RTT / MS;
  const look = (): void => {
    meter.look(socket.endpoint.status().cwnd);
    sim.after(everyMs, look);
  };
  look();
}
