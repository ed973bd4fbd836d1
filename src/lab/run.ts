/**
 * Runs a scenario: two hosts of our own stack on an emulated link under a
 * virtual clock, the programs on them, and a recording of it all.
 *
 * ```ts ignore
 * const run = await runLab(findScenario("bulk")!, { seed: 7, up: { loss: { name: "uniform", p: 0.02 } } });
 * write("bulk.pcapng", run.recordings[0].bytes);
 * ```
 *
 * An hour of the run's time takes no longer than what happens in it.
 *
 * @module
 */
import type { Text } from "../base/lang.ts";
import { sha1 } from "../base/sha1.ts";
import { formatAddress } from "../net/address.ts";
import { CallLog, Calls } from "../net/calls.ts";
import { SimulationPump } from "../net/simulation-pump.ts";
import { StackNetwork } from "../net/stack-network.ts";
import type { Network } from "../net/types.ts";
import type { RecordedEvent } from "../pcap/event.ts";
import type { Device } from "../stack/device/device.ts";
import { traced } from "../stack/device/tracer.ts";
import { Host } from "../stack/host/host.ts";
import { Link } from "../stack/link/link.ts";
import type { LinkCounters } from "../stack/link/link-event.ts";
import { Simulation } from "../stack/simulation.ts";
import { linkTruth } from "./link-truth.ts";
import { labSetup, type LabOptions, type LabSetup } from "./options.ts";
import { Plug, Void } from "./plug.ts";
import { Recorder, toWallNs } from "./recorder.ts";
import type { LabWorld, Scenario } from "./scenario.ts";
import { Truth } from "./truth.ts";

const MS = 1e6;
/** The article's. */
const PORT = 8080;
const HOSTS = {
  4: { client: "10.0.0.1", server: "10.0.0.2" },
  6: { client: "2001:db8::1", server: "2001:db8::2" },
} as const;

type Side = "client" | "server";

/** What a program printed, and which. */
export interface LabLine {
  readonly program: Side;
  readonly line: Text;
}

/** What was recorded at one place. */
export interface LabRecording {
  readonly at: Side;
  /** A pcapng file. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly packets: number;
  /** From the start of the run to the last packet. */
  readonly lengthNs: number;
}

/** What a run leaves behind. */
export interface LabRun {
  /** One, or the client's and the server's. */
  readonly recordings: readonly [LabRecording, ...LabRecording[]];
  readonly setup: LabSetup;
  readonly printed: readonly LabLine[];
  readonly up: LinkCounters;
  readonly down: LinkCounters;
  /** Why it ended: nothing was left to do, or its time was up. */
  readonly end: "quiet" | "deadline";
  /** The programs came to their end; otherwise they were still waiting. */
  readonly isDone: boolean;
}

/**
 * Runs `scenario` to its end.
 *
 * @throws {RangeError} when an option cannot be.
 */
export async function runLab(scenario: Scenario, options: LabOptions = {}): Promise<LabRun> {
  const lab = new Lab(labSetup(scenario.options, options));
  return await lab.run(scenario);
}

class Lab implements LabWorld {
  readonly setup: LabSetup;
  readonly address: string;
  readonly server: Network;
  readonly client: Network;
  readonly #sim = new Simulation();
  readonly #pump: SimulationPump;
  readonly #link: Link;
  readonly #recorders: ReadonlyMap<Side, Recorder>;
  readonly #log: CallLog;
  readonly #calls: Calls;
  readonly #printed: LabLine[] = [];
  /** The server's machine: the network of the one that is on. */
  #serverNow: Network;
  #serverParts: { readonly plug: Plug; readonly truth: Truth } | null = null;
  #void: Void | null = null;
  /** Settles when nothing is left to do, or the simulation fails. */
  readonly #ended: Promise<void>;

  constructor(setup: LabSetup) {
    this.setup = setup;
    this.#log = new CallLog(() => toWallNs(this.#sim.nowNs));
    this.#calls = new Calls(this.#log);
    this.#recorders = new Map(sidesOf(setup).map((side) => [side, new Recorder(side)]));
    const tell = (event: RecordedEvent): void => this.#tell(event);
    this.#link = new Link({
      ...setup.up,
      probe: linkTruth(tell),
      seed: setup.seed,
      deviceMtu: setup.mtu,
      back: { ...NO_LANE, ...setup.down, probe: linkTruth(tell) },
    });
    let end: (() => void) | undefined;
    let fail: ((error: unknown) => void) | undefined;
    this.#ended = new Promise((resolve, reject) => {
      end = resolve;
      fail = reject;
    });
    this.#pump = new SimulationPump(this.#sim, {
      untilNs: setup.untilMs * MS,
      onQuiet: () => end?.(),
      onError: (error) => fail?.(error),
    });
    this.client = this.#boot("client").network;
    this.#serverNow = this.#bootServer();
    this.server = {
      listen: (address, options) => this.#serverNow.listen(address, options),
      dial: (address, options) => this.#serverNow.dial(address, options),
    };
    this.address = formatAddress({ hostname: this.#hosts.server, port: PORT });
  }

  get bytes(): number {
    return this.setup.bytes;
  }

  get count(): number {
    return this.setup.count;
  }

  async run(scenario: Scenario): Promise<LabRun> {
    let isDone = false;
    const programs = scenario.run(this).then(() => {
      isDone = true;
      this.#pump.wake();
    });
    this.#pump.wake();
    try {
      await Promise.race([this.#ended, programs.then(() => this.#ended)]);
    } finally {
      this.#pump.stop();
    }
    const { setup } = this;
    return {
      recordings: this.#finish(),
      setup,
      printed: this.#printed,
      up: this.#link.forth.counters,
      down: this.#link.back.counters,
      end: this.#sim.nextNs === Infinity ? "quiet" : "deadline",
      isDone,
    };
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => void this.#pump.after(ms, resolve));
  }

  say(program: Side, line: Text): void {
    this.#printed.push({ program, line });
  }

  crashServer(): void {
    if (this.#serverParts === null) return;
    this.#serverParts.plug.isIn = false;
    this.#serverParts.truth.isSilent = true;
    this.#serverParts = null;
    this.#void = this.#sim.add(new Void(this.#link.b));
  }

  rebootServer(): void {
    this.crashServer();
    if (this.#void !== null) this.#void.isThere = false;
    this.#serverNow = this.#bootServer();
  }

  #tell(event: RecordedEvent): void {
    for (const recorder of this.#recorders.values()) recorder.event(event);
  }

  #finish(): LabRun["recordings"] {
    const calls = this.#log.close();
    const [first, ...others] = Array.from(this.#recorders, ([at, recorder]) => {
      const { packets, lastNs: lengthNs } = recorder;
      return { at, bytes: recorder.finish(calls), packets, lengthNs };
    });
    if (first === undefined) throw new RangeError("Cannot run the lab without a place to record");
    return [first, ...others];
  }

  get #hosts(): Readonly<Record<Side, string>> {
    return HOSTS[this.setup.ipv6 ? 6 : 4];
  }

  #bootServer(): Network {
    const { network, ...parts } = this.#boot("server");
    this.#serverParts = parts;
    return network;
  }

  #boot(side: Side): { readonly network: Network; readonly plug: Plug; readonly truth: Truth } {
    const { setup } = this;
    const other = side === "client" ? "server" : "client";
    const hosts = this.#hosts;
    const truth = new Truth(hosts[side], hosts[other], (event) => this.#tell(event));
    const plug = new Plug(this.#captured(side));
    const host = this.#sim.add(
      new Host({
        addresses: [hosts[side]],
        device: plug,
        profile: setup[side],
        secret: sha1(new TextEncoder().encode(`${side} ${setup.seed} ${this.#sim.nowNs}`)),
        options: setup.socket,
        probe: truth,
        hostProbe: truth.onHostDrop,
      }),
    );
    this.#sim.add(truth);
    const network = new StackNetwork({
      host,
      clock: this.#pump,
      calls: this.#calls,
      nowNs: () => this.#sim.nowNs,
      wake: () => this.#pump.wake(),
    });
    return { network, plug, truth };
  }

  /** The end of the link at `side`, its packets recorded if that is wanted. */
  #captured(side: Side): Device {
    const device = side === "client" ? this.#link.a : this.#link.b;
    const recorder = this.#recorders.get(side);
    if (recorder === undefined) return device;
    return traced(device, (direction, packet, nowNs) => recorder.packet(direction, packet, nowNs));
  }
}

/** What the way back takes over from the way forth unless it is told: nothing. */
const NO_LANE = {
  bitsPerSecond: undefined,
  delayNs: undefined,
  jitterNs: undefined,
  queue: undefined,
  loss: undefined,
  reorder: undefined,
  duplicate: undefined,
  corrupt: undefined,
  mtu: undefined,
} as const;

/** Where packets are recorded. */
function sidesOf({ at }: LabSetup): readonly Side[] {
  return at === "both" ? ["client", "server"] : [at];
}
