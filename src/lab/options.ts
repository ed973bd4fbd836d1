/**
 * What may be chosen of a run in the lab: the link, the two stacks, how much
 * the programs send, and where the packets are looked at.
 *
 * @module
 */
import type { LaneOptions } from "../stack/link/lane-options.ts";
import { linux, type Profile } from "../stack/tcp/profile.ts";
import type { SocketOptions } from "../stack/types.ts";

/**
 * Where packets are captured: beside one of the hosts, or beside each of them, which makes two
 * recordings. In one, each packet would stand twice, and look as if it had been sent twice.
 */
export type CapturePoint = "client" | "server" | "both";

/** See the module; what is left out is the scenario's own, then {@link LAB_DEFAULTS}. */
export interface LabOptions {
  /** The same seed gives the same run, to the byte. */
  readonly seed?: number | undefined;
  /** From the client to the server. */
  readonly up?: LaneOptions | undefined;
  /** From the server to the client. */
  readonly down?: LaneOptions | undefined;
  /** Bytes of the longest packet that the hosts send. The lanes' own may be less, somewhere on the way. */
  readonly mtu?: number | undefined;
  /** How the two stacks behave. */
  readonly client?: Profile | undefined;
  readonly server?: Profile | undefined;
  /** Of both ends' sockets. */
  readonly socket?: Partial<SocketOptions> | undefined;
  readonly ipv6?: boolean | undefined;
  /** How much the programs send, where the scenario sends much. */
  readonly bytes?: number | undefined;
  /** How often they do it, where the scenario does something again and again. */
  readonly count?: number | undefined;
  readonly at?: CapturePoint | undefined;
  /** When the run is cut off, in milliseconds of its own clock. */
  readonly untilMs?: number | undefined;
}

/** {@link LabOptions} with nothing left open. */
export interface LabSetup {
  readonly seed: number;
  readonly up: LaneOptions;
  readonly down: LaneOptions;
  readonly mtu: number;
  readonly client: Profile;
  readonly server: Profile;
  readonly socket: Partial<SocketOptions>;
  readonly ipv6: boolean;
  readonly bytes: number;
  readonly count: number;
  readonly at: CapturePoint;
  readonly untilMs: number;
}

const MS = 1e6;
const HOUR_MS = 3_600_000;

/** What holds where neither the user nor the scenario says otherwise: a wide link, 20 ms each way. */
export const LAB_DEFAULTS: LabSetup = {
  seed: 1,
  up: { bitsPerSecond: 10e6, delayNs: 20 * MS },
  down: { bitsPerSecond: 10e6, delayNs: 20 * MS },
  mtu: 1500,
  client: linux,
  server: linux,
  socket: {},
  ipv6: false,
  bytes: 1_000_000,
  count: 5,
  at: "client",
  untilMs: HOUR_MS,
};

/** The defaults, over them the scenario's options, over them the user's. */
export function labSetup(scenario: LabOptions, user: LabOptions): LabSetup {
  const base = LAB_DEFAULTS;
  return {
    ...base,
    ...given(scenario),
    ...given(user),
    up: { ...base.up, ...scenario.up, ...user.up },
    down: { ...base.down, ...scenario.down, ...user.down },
    socket: { ...base.socket, ...scenario.socket, ...user.socket },
  };
}

/** What is told: `undefined` is not. */
function given(options: LabOptions): Partial<LabSetup> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
