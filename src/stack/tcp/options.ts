/**
 * The options that our segments carry, and what those of the peer say.
 *
 * @module
 */
import {
  MAX_WINDOW_SHIFT,
  windowShift,
  type SackBlock,
  type TcpOption,
} from "../../wire/tcp-option.ts";
import { tcpOptionSize } from "../../wire/tcp-option-emit.ts";
import type { Profile } from "./profile.ts";

/** Bytes of `nop nop timestamps` in each segment (RFC 7323 appendix A). */
export const TIMESTAMPS_LEN = 12;
/** SACK blocks that fit beside timestamps, and without (RFC 2018 §3). */
const BLOCKS_WITH_TIMESTAMPS = 3;
const BLOCKS_ALONE = 4;

/** What the options of a SYN agree on; `null`: not offered. */
export interface SynOffer {
  readonly mss: number | null;
  readonly shift: number | null;
  readonly sack: boolean;
  /** TSval and TSecr. */
  readonly timestamps: Timestamps | null;
}

/** TSval and TSecr (RFC 7323 §3.2). */
export interface Timestamps {
  readonly value: number;
  readonly echo: number;
}

/** The offer in the options of a SYN; the first of each kind counts. */
export function synOffer(options: readonly TcpOption[]): SynOffer {
  let mss: number | null = null;
  let shift: number | null = null;
  let isSack = false;
  for (const option of options) {
    if (option.kind === "mss") mss ??= option.mss;
    if (option.kind === "window-scale") shift ??= windowShift(option.shift);
    if (option.kind === "sack-permitted") isSack = true;
  }
  return { mss, shift, sack: isSack, timestamps: timestampsOf(options) };
}

/** The timestamps among `options`, or `null`. */
export function timestampsOf(options: readonly TcpOption[]): Timestamps | null {
  for (const option of options) if (option.kind === "timestamps") return option;
  return null;
}

/** The SACK blocks among `options`. */
export function sackBlocksOf(options: readonly TcpOption[]): readonly SackBlock[] {
  for (const option of options) if (option.kind === "sack") return option.blocks;
  return [];
}

/** The options of a SYN in the profile's layout; what `offer` has no value for is left out. */
export function synOptions(offer: SynOffer, profile: Profile): TcpOption[] {
  const { withTimestamps, without } = profile.synOptions;
  const out: TcpOption[] = [];
  let length = 0;
  for (const slot of offer.timestamps === null ? without : withTimestamps) {
    const option = synOption(slot.option, offer);
    if (option === null) continue;
    for (; length % slot.mod !== slot.rem; length++) out.push({ kind: "nop" });
    out.push(option);
    length += tcpOptionSize(option);
  }
  if (profile.synPadding === "nop") for (; length % 4 !== 0; length++) out.push({ kind: "nop" });
  return out;
}

function synOption(
  kind: "mss" | "window-scale" | "sack-permitted" | "timestamps",
  offer: SynOffer,
): TcpOption | null {
  switch (kind) {
    case "mss":
      return offer.mss === null ? null : { kind, mss: offer.mss };
    case "window-scale":
      return offer.shift === null ? null : { kind, shift: offer.shift };
    case "sack-permitted":
      return offer.sack ? { kind } : null;
    case "timestamps":
      return offer.timestamps === null ? null : { kind, ...offer.timestamps };
  }
}

const NOP: TcpOption = { kind: "nop" };

/** No options at all. */
export const NO_OPTIONS: readonly TcpOption[] = [];

/** Two NOPs and timestamps (RFC 7323 appendix A). */
export type TimestampsAlone = readonly [
  TcpOption,
  TcpOption,
  TcpOption & { readonly kind: "timestamps" },
];

/** The options of a segment with timestamps and nothing else. */
export function timestampsAlone(value: number, echo: number): TimestampsAlone {
  return [NOP, NOP, { kind: "timestamps", value, echo }];
}

/** `before`, and as many of `blocks` as fit behind it. */
export function withBlocks(
  before: readonly TcpOption[],
  blocks: readonly SackBlock[],
): readonly TcpOption[] {
  const most = mostBlocks(before.length > 0);
  return [...before, NOP, NOP, { kind: "sack", blocks: blocks.slice(0, most) }];
}

const mostBlocks = (hasTimestamps: boolean): number =>
  hasTimestamps ? BLOCKS_WITH_TIMESTAMPS : BLOCKS_ALONE;

/** Bytes that {@link withBlocks} adds for so many blocks. */
export function sackLen(blocks: number, hasTimestamps: boolean): number {
  return blocks === 0 ? 0 : 4 + 8 * Math.min(blocks, mostBlocks(hasTimestamps));
}

/** The smallest shift that lets a window of `bytes` be offered (RFC 7323 §2.3). */
export function shiftFor(bytes: number): number {
  let shift = 0;
  while (shift < MAX_WINDOW_SHIFT && bytes / 2 ** shift > 65_535) shift++;
  return shift;
}
