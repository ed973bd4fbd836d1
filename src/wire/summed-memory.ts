/**
 * Memory whose Internet checksums (RFC 1071) WebAssembly adds up, 16 bytes at a time: 36 ns for 1440
 * bytes, where JavaScript needs 145. The bytes must lie in memory of WebAssembly's for that: to copy them
 * there first would cost as much as it gains.
 *
 * @module
 */
import { parseHex, viewOf } from "../base/bytes.ts";
import { sum16 } from "./checksum.ts";
import { folded } from "./folded.ts";

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

/** Bytes that one call adds up at most: 2^16 words, whose sum stays below 2^32. */
const BLOCK = 0x2_0000;

/** The sum of all 16-bit words of `[at, end)`, lower byte first; a last odd byte counts as if a zero followed. */
type Sum = (at: number, end: number) => number;

/** Memory, and the sums of its bytes. */
export interface SummedMemory {
  readonly bytes: Uint8Array;
  /** Of {@link bytes}. */
  readonly view: DataView;
  /** As `sum16(view, at, end, sum)`. */
  sum16(at: number, end: number, sum: number): number;
}

/** Memory of `length` bytes; an ordinary array where WebAssembly, or its SIMD, is not to be had. */
export function makeSummedMemory(length: number): SummedMemory {
  try {
    return new WasmMemory(length);
  } catch {
    // A page may forbid it, a browser may not know it, and there is an end to the memory that may be reserved.
    return new PlainMemory(length);
  }
}

/** Memory of `length` bytes that JavaScript adds up. */
export class PlainMemory implements SummedMemory {
  readonly bytes: Uint8Array;
  readonly view: DataView;

  constructor(length: number) {
    this.bytes = new Uint8Array(length);
    this.view = viewOf(this.bytes);
  }

  sum16(at: number, end: number, sum: number): number {
    return sum16(this.view, at, end, sum);
  }
}

class WasmMemory implements SummedMemory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly #sum: Sum;

  constructor(length: number) {
    const pages = Math.ceil(length / PAGE);
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.bytes = new Uint8Array(memory.buffer, 0, length);
    this.view = viewOf(this.bytes);
    const instance = new WebAssembly.Instance(module(), { m: { m: memory } });
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the module below
    this.#sum = instance.exports["s"] as Sum;
  }

  sum16(at: number, end: number, sum: number): number {
    let total = sum;
    let from = at;
    while (end - from > BLOCK) {
      total = folded(total + this.#whole(from, from + BLOCK));
      from += BLOCK;
    }
    return folded(total + this.#whole(from, end));
  }

  /** The sum folded to 16 bits, upper byte first: which byte is the lower one changes nothing else (RFC 1071 §2 B). */
  #whole(at: number, end: number): number {
    const sum = folded(this.#sum(at, end));
    return ((sum & 0xff) << 8) | (sum >>> 8);
  }
}

let compiled: WebAssembly.Module | null = null;

function module(): WebAssembly.Module {
  return (compiled ??= new WebAssembly.Module(CODE));
}

/**
 * The module, assembled by hand. As text:
 *
 * ```
 * (module
 *   (memory (import "m" "m") 1)
 *   (func (export "s") (param $at i32) (param $end i32) (result i32) (local $s i32) (local $a v128) (local $b v128)
 *     (block $done (loop $next
 *       (br_if $done (i32.gt_u (i32.add (local.get $at) (i32.const 64)) (local.get $end)))
 *       (local.set $a (i32x4.add (local.get $a) (i32x4.extadd_pairwise_i16x8_u (v128.load (local.get $at)))))
 *       … the same for $b at offset 16, $a at 32, $b at 48
 *       (local.set $at (i32.add (local.get $at) (i32.const 64)))
 *       (br $next)))
 *     … the same again with 16 in place of 64, and $a alone
 *     (if (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const 8)) (then
 *       … $a again, with v128.load64_zero in place of v128.load
 *       (local.set $at (i32.add (local.get $at) (i32.const 8)))))
 *     … the same with 4 and v128.load32_zero
 *     (if (i32.and (i32.sub (local.get $end) (local.get $at)) (i32.const 2)) (then
 *       (local.set $s (i32.load16_u (local.get $at)))
 *       (local.set $at (i32.add (local.get $at) (i32.const 2)))))
 *     (if (i32.lt_u (local.get $at) (local.get $end)) (then
 *       (local.set $s (i32.add (local.get $s) (i32.load8_u (local.get $at))))))
 *     (local.set $a (i32x4.add (local.get $a) (local.get $b)))
 *     … $s and the four numbers of $a, added))
 * ```
 */
const CODE = parseHex(
  "0061736d0100000001070160027f7f017f020801016d016d02000103020100070501017300000a980201950202017f027b02" +
    "400340200041c0006a20014b0d0120032000fd000000fd7ffdae01210320042000fd000010fd7ffdae01210420032000fd00" +
    "0020fd7ffdae01210320042000fd000030fd7ffdae012104200041c0006a21000c000b0b02400340200041106a20014b0d01" +
    "20032000fd000000fd7ffdae012103200041106a21000c000b0b200120006b410871044020032000fd5d0000fd7ffdae0121" +
    "03200041086a21000b200120006b410471044020032000fd5c0000fd7ffdae012103200041046a21000b200120006b410271" +
    "044020002f00002102200041026a21000b20002001490440200220002d00006a21020b20032004fdae01210320022003fd1b" +
    "006a2003fd1b016a2003fd1b026a2003fd1b036a0b",
);
