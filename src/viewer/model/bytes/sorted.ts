/**
 * Sorting in steps what is nearly in order already.
 *
 * @module
 */
import { STEP, type Steps } from "./steps.ts";

/**
 * `list` by `keyOf`, equal ones as they stood. What is in order takes one pass; the rest is sorted by itself, and merged.
 *
 * @yields Where it may pause.
 */
export function* sortedBy(
  list: Uint32Array<ArrayBuffer>,
  keyOf: (value: number) => number,
): Steps<Uint32Array<ArrayBuffer>> {
  const ahead = new Uint32Array(list.length);
  const late = new Uint32Array(list.length);
  let n = 0;
  let most = -Infinity;
  for (let i = 0; i < list.length; i++) {
    if (i % STEP === STEP - 1) yield;
    const value = list[i]!;
    const key = keyOf(value);
    if (key < most) late[i - n] = value;
    else {
      most = key;
      ahead[n++] = value;
    }
  }
  if (n === list.length) return list;
  const sorted = yield* mergeSorted(late.subarray(0, list.length - n), keyOf);
  const out = new Uint32Array(list.length);
  yield* merge(out, ahead.subarray(0, n), sorted, keyOf);
  return out;
}

/**
 * By merging: runs of a step each first, then ever longer ones.
 *
 * @yields Where it may pause.
 */
function* mergeSorted(
  list: Uint32Array<ArrayBuffer>,
  keyOf: (value: number) => number,
): Steps<Uint32Array<ArrayBuffer>> {
  for (let at = 0; at < list.length; at += STEP) {
    list.subarray(at, at + STEP).sort((a, b) => keyOf(a) - keyOf(b));
    yield;
  }
  let from = list;
  let to = new Uint32Array(list.length > STEP ? list.length : 0);
  for (let width = STEP; width < list.length; width *= 2) {
    for (let at = 0; at < list.length; at += 2 * width) {
      const a = from.subarray(at, at + width);
      const b = from.subarray(at + width, at + 2 * width);
      yield* merge(to.subarray(at, at + 2 * width), a, b, keyOf);
    }
    [from, to] = [to, from];
  }
  return from;
}

/**
 * Of equal ones those of `a` come first.
 *
 * @yields Where it may pause.
 */
function* merge(
  out: Uint32Array,
  a: Uint32Array,
  b: Uint32Array,
  keyOf: (value: number) => number,
): Steps<void> {
  let [i, j] = [0, 0];
  for (let k = 0; k < out.length; k++) {
    if (k % STEP === STEP - 1) yield;
    const isFirst = j >= b.length || (i < a.length && keyOf(a[i]!) <= keyOf(b[j]!));
    out[k] = isFirst ? a[i++]! : b[j++]!;
  }
}
