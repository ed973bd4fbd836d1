/**
 * The options of `seqack lab` that make the link. Each holds both ways; with
 * `-up` or `-down` behind its name, for the way to the server or to the client alone.
 *
 * @module
 */
import { text } from "../../base/lang.ts";
import type { LaneOptions, QueueOptions } from "../../stack/link/lane-options.ts";
import type { LossModel } from "../../stack/link/loss.ts";
import { UsageError } from "../command.ts";
import { toInteger } from "../options.ts";
import { toBytes, toChance, toRate, toTimeNs } from "./units.ts";

const VALUES = [
  "loss",
  "burst",
  "delay",
  "jitter",
  "rate",
  "queue",
  "reorder",
  "reorder-by",
  "duplicate",
  "corrupt",
  "mtu",
] as const;
const FLAGS = ["codel", "ecn"] as const;
const WAYS = ["", "-up", "-down"] as const;

type Way = (typeof WAYS)[number];
type Values = Readonly<Record<string, unknown>>;

/** For `parseArgs`. */
export const LINK_OPTIONS: Readonly<Record<string, { readonly type: "string" | "boolean" }>> =
  Object.fromEntries([...ways(VALUES, "string"), ...ways(FLAGS, "boolean")]);

function ways<const T extends string>(
  names: readonly string[],
  type: T,
): readonly (readonly [string, { readonly type: T }])[] {
  return names.flatMap((name) => WAYS.map((way) => [name + way, { type }] as const));
}

/** A packet that is held up comes so much later, unless told. */
const DEFAULT_REORDER_NS = 5e6;
/** IPv4 takes no less (RFC 791 §3.2), IPv6 no less than 1280 (RFC 8200 §5). */
const MIN_MTU = { 4: 68, 6: 1280 } as const;
const MAX_MTU = 65_535;
const MAX_QUEUE = 1_000_000;
const MAX_BURST = 10_000;

/** Both directions of the link, as far as they are told. @throws {UsageError} */
export function linkOptions(
  values: Values,
  version: 4 | 6,
): { readonly up: LaneOptions; readonly down: LaneOptions } {
  return { up: laneOf(values, "-up", version), down: laneOf(values, "-down", version) };
}

function laneOf(values: Values, way: Way, version: 4 | 6): LaneOptions {
  const get = <T>(name: string, read: (option: string, value: string) => T): T | undefined => {
    for (const key of [`${name}${way}`, name]) {
      const value = values[key];
      if (typeof value === "string") return read(`--${key}`, value);
    }
    return undefined;
  };
  const has = (name: string): boolean => values[name + way] === true || values[name] === true;
  const lane = {
    bitsPerSecond: get("rate", toRate),
    delayNs: get("delay", toTimeNs),
    jitterNs: get("jitter", toTimeNs),
    queue: queueOf(get("queue", toQueue), has),
    loss: lossOf(get("loss", toChance), get("burst", toBurst)),
    duplicate: get("duplicate", toChance),
    corrupt: get("corrupt", toChance),
    mtu: get("mtu", (option, value) => toInteger(option, value, MIN_MTU[version], MAX_MTU)),
  };
  const p = get("reorder", toChance);
  const byNs = get("reorder-by", toTimeNs);
  const reorder = p === undefined ? undefined : { p, byNs: byNs ?? DEFAULT_REORDER_NS };
  if (byNs !== undefined && p === undefined) throw needs("--reorder-by", "--reorder");
  return withoutUntold({ ...lane, reorder });
}

/** A length of packets, or of bytes where there is a unit. */
function toQueue(option: string, value: string): QueueOptions {
  if (/[a-z]$/i.test(value)) return { bytes: toBytes(option, value, 100, MAX_QUEUE * 100) };
  return { packets: toInteger(option, value, 1, MAX_QUEUE) };
}

function queueOf(
  length: QueueOptions | undefined,
  has: (name: string) => boolean,
): QueueOptions | undefined {
  if (has("ecn") && !has("codel")) throw needs("--ecn", "--codel");
  if (!has("codel")) return length;
  return { ...length, codel: {}, ecn: has("ecn") };
}

const toBurst = (option: string, value: string): number => toInteger(option, value, 1, MAX_BURST);

/** Losses each by itself, or in bursts of a mean length, with the same share of packets lost. */
function lossOf(p: number | undefined, burst: number | undefined): LossModel | undefined {
  if (burst === undefined) return p === undefined ? undefined : { name: "uniform", p };
  if (p === undefined) throw needs("--burst", "--loss");
  const toGood = 1 / burst;
  const toBad = p === 1 ? 1 : (p * toGood) / (1 - p);
  if (toBad <= 1) return { name: "bursts", toBad, toGood: p === 1 ? 0 : toGood };
  throw new UsageError(
    text(
      `option --burst: bursts of ${burst} packets cannot make up a loss of ${p * 100} %; choose longer ones`,
      `选项 --burst：每次丢 ${burst} 个包达不到 ${p * 100} % 的丢包率，请选更长的`,
    ),
  );
}

function needs(option: string, other: string): UsageError {
  return new UsageError(
    text(`option ${option} needs ${other}`, `选项 ${option} 需要同时给出 ${other}`),
  );
}

function withoutUntold(lane: LaneOptions): LaneOptions {
  return Object.fromEntries(Object.entries(lane).filter(([, value]) => value !== undefined));
}
