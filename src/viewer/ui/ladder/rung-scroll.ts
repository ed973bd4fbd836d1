/**
 * Scrolling through rungs, however many there are: the picture stays, and shows another part.
 *
 * @module
 */
import { type RefObject } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { Opening } from "../../model/opening.ts";
import { barOfTop, type ListShape, maxTop, scrollHeight, topOfBar } from "../../model/scrolling.ts";

/** Width and height of an element, in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of an element as it changes; a guess until it is there. */
export function useSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 800, height: 500 });
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return;
    const measure = (): void =>
      setSize({ width: current.clientWidth, height: current.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(current);
    measure();
    return () => observer.disconnect();
  }, []);
  return size;
}

/** How far the rungs are scrolled, and what moves them. */
export interface RungScroll {
  readonly top: number;
  /** Height of what the browser scrolls. */
  readonly space: number;
  readonly onScroll: () => void;
  readonly moveBy: (pixels: number) => void;
  /** What is chosen now is seen: nothing moves for it. */
  readonly stay: () => void;
  /** Moves as little as it takes to see a row; one that the list opens with has its own place. */
  readonly reveal: (row: number) => void;
}

/** For a list of such a shape in a scrolled element. */
export function useRungScroll(
  scroller: RefObject<HTMLElement | null>,
  shape: ListShape,
  isOn: boolean,
): RungScroll {
  const [wanted, setTop] = useState(0);
  /** Where the bar was put last; scrolling to there is no scrolling by the reader. */
  const set = useRef(Number.NaN);
  const opening = useMemo(() => new Opening(), []);
  const top = Math.max(0, Math.min(wanted, maxTop(shape)));
  const moveTo = (next: number): void => {
    const to = Math.max(0, Math.min(next, maxTop(shape)));
    setTop(to);
    const bar = Math.round(barOfTop(shape, to));
    const { current } = scroller;
    if (current === null || Math.round(current.scrollTop) === bar) return;
    set.current = bar;
    current.scrollTop = bar;
  };
  // The browser's own wheel would move a share of a list that is too long for it.
  useEffect(() => {
    const { current } = scroller;
    if (!isOn || current === null || scrollHeight(shape) >= shape.rows * shape.rowHeight) return;
    const onWheel = (e: WheelEvent): void => {
      if (e.ctrlKey) return;
      e.preventDefault();
      opening.end();
      moveTo(top + e.deltaY * (e.deltaMode === WheelEvent.DOM_DELTA_LINE ? shape.rowHeight : 1));
    };
    current.addEventListener("wheel", onWheel, { passive: false });
    return () => current.removeEventListener("wheel", onWheel);
  }, [isOn, top, shape.rows, shape.rowHeight, shape.viewport]);
  return {
    top,
    space: scrollHeight(shape),
    onScroll: () => {
      const at = scroller.current?.scrollTop ?? 0;
      const isOurs = Math.abs(at - set.current) <= 1;
      set.current = Number.NaN;
      if (isOurs) return;
      opening.end();
      setTop(topOfBar(shape, at));
    },
    moveBy: (pixels) => {
      opening.end();
      moveTo(top + pixels);
    },
    stay: () => opening.end(),
    reveal: (row) => moveTo(opening.topFor(shape, top, row)),
  };
}
