/**
 * The options of `seqack lab` that are not the link's: the two stacks, how
 * much the programs send, the seed, where packets are looked at.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import type { CapturePoint, LabOptions } from "../../lab/options.ts";
import { freebsd, generic, linux, type Profile } from "../../stack/tcp/profile.ts";
import type { SocketOptions } from "../../stack/types.ts";
import { UsageError } from "../command.ts";
import { toInteger } from "../options.ts";
import { linkOptions } from "./link-options.ts";
import { toBytes, toTimeNs, toWord } from "./units.ts";

/** For `parseArgs`. */
export const STACK_OPTIONS = {
  profile: { type: "string" },
  "server-profile": { type: "string" },
  cc: { type: "string" },
  sndbuf: { type: "string" },
  rcvbuf: { type: "string" },
  mss: { type: "string" },
  nodelay: { type: "boolean" },
  "no-sack": { type: "boolean" },
  "no-timestamps": { type: "boolean" },
  "no-scaling": { type: "boolean" },
  ipv6: { type: "boolean", short: "6" },
  bytes: { type: "string" },
  count: { type: "string", short: "c" },
  seed: { type: "string" },
  at: { type: "string" },
  until: { type: "string" },
} as const;

const PROFILES = { linux, freebsd, generic } as const;
const POINTS: readonly CapturePoint[] = ["client", "server", "both"];
/** A run is held in memory. */
const MAX_BYTES = 100_000_000;
const MAX_COUNT = 10_000;
const MAX_BUFFER = 1 << 26;
const MIN_BUFFER = 1024;
const MAX_SEED = 2 ** 48;
const MS = 1e6;

type Values = Readonly<Record<string, unknown>>;

/** All options of a run, as far as they are told. @throws {UsageError} */
export function labOptions(values: Values): LabOptions {
  const { get, has } = readerOf(values);
  const ipv6 = has("ipv6");
  const { up, down } = linkOptions(values, ipv6 ? 6 : 4);
  return {
    up,
    down,
    ...profilesOf(values),
    socket: socketOf(values),
    ipv6: ipv6 ? true : undefined,
    bytes: get("bytes", (option, value) => toBytes(option, value, 1, MAX_BYTES)),
    count: get("count", (option, value) => toInteger(option, value, 1, MAX_COUNT)),
    seed: get("seed", (option, value) => toInteger(option, value, 0, MAX_SEED)),
    at: get("at", (option, value) => toWord(option, value, POINTS)),
    untilMs: get("until", (option, value) => toTimeNs(option, value, 1) / MS),
  };
}

interface Reader {
  readonly get: <T>(name: string, read: (option: string, value: string) => T) => T | undefined;
  readonly has: (name: string) => boolean;
}

function readerOf(values: Values): Reader {
  return {
    get(name, read) {
      const value = values[name];
      return typeof value === "string" ? read(`--${name}`, value) : undefined;
    },
    has: (name) => values[name] === true,
  };
}

const named = (option: string, value: string): Profile =>
  PROFILES[toWord(option, value, ["linux", "freebsd", "generic"])];

const buffer = (option: string, value: string): number =>
  toBytes(option, value, MIN_BUFFER, MAX_BUFFER);

function profilesOf(values: Values): Pick<LabOptions, "client" | "server"> {
  const { get, has } = readerOf(values);
  const congestion = get("cc", (option, value) => toWord(option, value, ["reno", "cubic"]));
  const usesEcn = ["ecn", "ecn-up", "ecn-down"].some(has);
  const change = (profile: Profile): Profile => ({
    ...profile,
    ...(congestion !== undefined && { congestion }),
    ...(has("no-sack") && { sack: false }),
    ...(has("no-timestamps") && { timestamps: false }),
    ...(has("no-scaling") && { windowScaling: false }),
    ...(usesEcn && { ecn: "on" }),
  });
  const client = get("profile", named) ?? linux;
  return { client: change(client), server: change(get("server-profile", named) ?? client) };
}

function socketOf(values: Values): Partial<SocketOptions> {
  const { get, has } = readerOf(values);
  const sendBuffer = get("sndbuf", buffer);
  const receiveBuffer = get("rcvbuf", buffer);
  const maxSegment = get("mss", (option, value) => toInteger(option, value, 88, 65_495));
  return {
    ...(sendBuffer !== undefined && { sendBuffer }),
    ...(receiveBuffer !== undefined && { receiveBuffer }),
    ...(maxSegment !== undefined && { maxSegment }),
    ...(has("nodelay") && { noDelay: true }),
  };
}

/** @throws {UsageError} unless there is exactly one word: the scenario. */
export function scenarioName(positionals: readonly string[]): string {
  const [name] = positionals;
  if (name === undefined) {
    throw new UsageError(
      text(
        "which scenario? seqack lab --list explains them all",
        "要运行哪个场景？seqack lab --list 逐一介绍",
      ),
    );
  }
  if (positionals.length > 1) {
    throw new UsageError(text("lab takes one scenario", "lab 只接受一个场景"));
  }
  return name;
}
