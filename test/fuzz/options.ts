/** TCP options at random, sound and broken. */
import { OptionKind } from "../../src/wire/tcp-option.ts";
import type { Random } from "./random.ts";

/**
 * A SACK option without a whole block behind one that has: whether Wireshark reads on depends on the
 * blocks of the first one then. Nobody sends that.
 */
const isSecondBroken = (out: readonly number[], option: readonly number[]): boolean =>
  option[0] === OptionKind.SACK && option[1]! < 10 && out.includes(OptionKind.SACK);

/** What options hold. */
export interface OptionTraits {
  /** Edges of SACK blocks lie around this, and around the acknowledgement. */
  readonly near: number;
  readonly ack: number;
  /** MPTCP keys of the sender and the receiver. */
  readonly key: number;
  readonly peerKey: number;
  /** MPTCP tokens to join. */
  readonly tokens: readonly number[];
  /** Whether options may be shorter or longer than they say. */
  readonly mayBreak: boolean;
}

/** At most 40 bytes, a multiple of 4. */
export function randomOptions(r: Random, traits: OptionTraits): Uint8Array {
  const out: number[] = [];
  const count = 1 + r.below(4);
  for (let i = 0; i < count; i++) {
    const isBroken = traits.mayBreak && r.oneIn(12);
    const option = isBroken ? randomBroken(r) : randomOption(r, traits);
    if (out.length + option.length <= 40 && !isSecondBroken(out, option)) out.push(...option);
  }
  while (out.length % 4 !== 0) out.push(r.oneIn(8) ? OptionKind.EOL : OptionKind.NOP);
  return Uint8Array.from(out);
}

function randomOption(r: Random, traits: OptionTraits): number[] {
  switch (r.below(11)) {
    case 0:
      return [OptionKind.NOP];
    case 1:
      return [OptionKind.MSS, 4, ...be(r.of([536, 1460, 0]), 2)];
    case 2:
      return [OptionKind.WINDOW_SCALE, 3, r.of([0, 1, 2, 7, 14, 15, 255])];
    case 3:
      return [OptionKind.SACK_PERMITTED, 2];
    case 4:
    case 5:
    case 6:
      return randomSack(r, traits);
    case 7:
      return [OptionKind.TIMESTAMPS, 10, ...be(r.below(1000), 4), ...be(r.below(1000), 4)];
    case 8:
      return [OptionKind.FAST_OPEN, ...r.of([[2], [10, 1, 2, 3, 4, 5, 6, 7, 8], [6, 1, 2, 3, 4]])];
    case 9:
      return r.of([
        [OptionKind.EXPERIMENT_2, 8, 0xf9, 0x89, 1, 2, 3, 4],
        [OptionKind.EXPERIMENT_1, 4, 0xf9, 0x89],
        [OptionKind.EXPERIMENT_2, 6, 1, 2, 3, 4],
      ]);
    default:
      return randomMptcp(r, traits);
  }
}

function randomSack(r: Random, { near, ack }: OptionTraits): number[] {
  const edge = (): number[] => be((r.oneIn(4) ? ack : near) + 100 * r.below(12), 4);
  const blocks = Array.from({ length: r.of([1, 1, 2, 2, 3, 4]) }, () => [...edge(), ...edge()]);
  return [OptionKind.SACK, 2 + 8 * blocks.length, ...blocks.flat()];
}

/**
 * RFC 8684 §3: of every kind, as long as it must be. Always behind a key: Wireshark has an
 * assertion that fails when a connection begins without one and has one later.
 */
function randomMptcp(r: Random, { key, peerKey, tokens }: OptionTraits): number[] {
  const word = (): number[] => be(r.word(), 4);
  const capable = [OptionKind.MPTCP, 12, 0x00, 0x81, ...be(key, 8)];
  const option = r.of([
    [],
    [20, 0x00, 0x81, ...be(key, 8), ...be(peerKey, 8)],
    [12, 0x10, 1, ...be(r.of(tokens), 4), ...word()],
    [8, 0x20, 0x01, ...word()],
    [8, 0x34, 1, 10, 0, 0, 9],
    [4, 0x40, 1],
    [3, 0x50],
    [12, 0x60, 0, ...word(), ...word()],
    [12, 0x70, 0, ...word(), ...word()],
    [4, 0x80, 1],
  ]);
  return option.length === 0 ? capable : [...capable, OptionKind.MPTCP, ...option];
}

/** Kinds that nobody reads anything in. */
const UNKNOWN = [9, 10, 14, 24, 33, 69, 100, 200, 252, 255];

/** Lengths that are wrong, and the end of the list with something behind it. */
function randomBroken(r: Random): number[] {
  return r.of([
    [OptionKind.EOL],
    [OptionKind.SACK, 2],
    [OptionKind.EOL, 3, 3, 5],
    [OptionKind.MSS, 0],
    [OptionKind.WINDOW_SCALE, 1],
    [OptionKind.TIMESTAMPS, 40, 1, 1],
    [OptionKind.WINDOW_SCALE, 4, 5, 1],
    [OptionKind.MSS, 3, 1],
    [OptionKind.SACK, 6, 0, 0, 0, 1],
    [OptionKind.TIMESTAMPS, 8, 1, 2, 3, 4, 5, 6],
    [r.of(UNKNOWN), 2 + r.below(3), 1, 1, 1],
  ]);
}

function be(value: number, bytes: number): number[] {
  const v = new DataView(new ArrayBuffer(8));
  v.setUint32(4, value >>> 0);
  return Array.from(new Uint8Array(v.buffer, 8 - bytes, bytes));
}
