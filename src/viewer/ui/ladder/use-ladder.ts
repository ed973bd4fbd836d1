/**
 * The ladder of the selected connection, and which part of it is looked at.
 *
 * @module
 */
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import type { Ladder } from "../../model/ladder.ts";
import { LadderList, segmentOfFrame } from "../../model/ladder-list.ts";
import { asRange, panned, showing, type TimeRange, zoomed } from "../../model/time-range.ts";
import type { App } from "../app.ts";
import { useAnswer } from "../use-answer.ts";

/** The ladder; `null` while it is on its way. */
export function useLadder(app: App): Ladder | null {
  const stream = app.stream.value;
  return useAnswer(app, "ladder", stream === null ? null : { stream }).answer;
}

/** A range of time that is looked at, and what changes it. */
export interface LadderTime {
  readonly whole: TimeRange;
  readonly range: TimeRange;
  /** Whether that is less than everything. */
  readonly isPart: boolean;
  readonly zoom: (factor: number, at?: number) => void;
  /** By a share of what is seen. */
  readonly pan: (share: number) => void;
  readonly fit: () => void;
  /** Moves as little as it takes to see a moment. */
  readonly reveal: (ns: number) => void;
}

/** Milliseconds after the last movement until the address has it. */
const SETTLE_MS = 160;

/** The page's range as far as it lies within the connection; movements are in the address when they end. */
export function useLadderTime(app: App, ladder: Ladder): LadderTime {
  const whole = useMemo(() => wholeOf(ladder), [ladder]);
  const [moving, setMoving] = useState<TimeRange | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** Writes down where the last movement led; what a view that is left was moved to, too. */
  const settle = useRef(() => {});
  const told = app.range.value;
  useEffect(() => setMoving(null), [told, ladder.stream]);
  useEffect(() => () => settle.current(), []);
  const isHere = told !== null && told[0] < whole[1] && told[1] > whole[0];
  const range = moving ?? (isHere ? told : whole);
  // Keys may be faster than the page: each goes on from where the one before it led.
  const latest = useRef(range);
  latest.current = range;
  const show = (next: TimeRange): void => {
    if (next === latest.current) return;
    latest.current = next;
    setMoving(next);
    clearTimeout(timer.current);
    const before = app.range.peek();
    settle.current = () => {
      clearTimeout(timer.current);
      settle.current = () => {};
      // A link, or another connection, says otherwise since.
      if (app.range.peek() !== before || app.stream.peek() !== ladder.stream) return;
      app.range.value = asRange(next, whole);
      setMoving(null);
    };
    timer.current = setTimeout(() => settle.current(), SETTLE_MS);
  };
  return {
    whole,
    range,
    isPart: asRange(range, whole) !== null,
    zoom: (factor, at = middleOf(app, ladder, latest.current)) =>
      show(zoomed(latest.current, whole, factor, at)),
    pan: (share) => {
      const [from, to] = latest.current;
      show(panned(latest.current, whole, (to - from) * share));
    },
    reveal: (ns) => show(showing(latest.current, whole, ns)),
    fit: () => show(whole),
  };
}

/** Keys zoom around what is selected, when that is seen. */
function middleOf(app: App, ladder: Ladder, [from, to]: TimeRange): number {
  const index = segmentOfFrame(ladder, app.frame.value ?? 0);
  const time = index === -1 ? Number.NaN : ladder.time[index]!;
  return time >= from && time <= to ? time : (from + to) / 2;
}

/** From the first moment to the last one; a listen may stand long before it all. */
function wholeOf({ time, rungs, calls, delay }: Ladder): TimeRange {
  const away = Math.max(delay?.toClientNs ?? 0, delay?.toServerNs ?? 0);
  let from = (time[0] ?? 0) - away;
  let to = (time.at(-1) ?? 0) + away;
  for (const rung of rungs) {
    if (calls[rung.call]!.op === "listen") continue;
    from = Math.min(from, rung.time);
    to = Math.max(to, rung.time);
  }
  return [from, Math.max(to, from + 1000)];
}

/** The rungs within the range. */
export function useLadderList(ladder: Ladder, { range, isPart }: LadderTime): LadderList {
  const [from, to] = range;
  return useMemo(
    () => new LadderList(ladder, isPart ? [from, to] : null),
    [ladder, isPart, isPart ? from : 0, isPart ? to : 0],
  );
}

/** What is selected elsewhere may lie out of the range: the range moves there. `isWhole`: well inside of it. */
export function useFollowedSelection(
  app: App,
  list: LadderList,
  time: LadderTime,
  selected: number,
  isWhole: boolean,
): void {
  const { ladder } = list;
  useEffect(() => {
    if (selected === -1 || app.isAsLinked) return;
    const isOut = time.isPart && list.rowOf(selected) === null;
    if (isWhole || isOut) time.reveal(ladder.time[selected]!);
    // A ladder that grows, or a range that the reader moves, takes nobody back to the selection.
  }, [ladder.stream, ladder.frame[selected], isWhole]);
}
