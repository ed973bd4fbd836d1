/**
 * A list of any length: only what is seen is in the page.
 *
 * @module
 */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { ComponentChildren, VNode } from "preact";
import { Opening } from "../model/opening.ts";
import { barOfTop, type ListShape, scrollHeight, seenAt, topOfBar } from "../model/scrolling.ts";

interface Props {
  readonly label: string;
  readonly rows: number;
  readonly rowHeight: number;
  /** Kept in sight whenever it changes; `null`: none. */
  readonly selected: number | null;
  /** Scrolled to the upper edge whenever it changes; `null`: none. */
  readonly sight?: number | null;
  /** Follows the end while it is in sight, as of a capture that goes on. */
  readonly follows?: boolean;
  readonly head: ComponentChildren;
  readonly row: (index: number) => VNode;
  readonly onSelect: (index: number) => void;
  readonly onPage?: (rows: number) => void;
  /** Hears which rows are seen, once they have been drawn. */
  readonly onSeen?: (first: number, count: number) => void;
}

/** Rows that lie one over the other at `rowHeight`; {@link Props.row} draws each. */
export function VirtualList(props: Props): VNode {
  const { label, rows, rowHeight, selected, head, row, onSelect, onPage, onSeen } = props;
  const { follows = false, sight = null } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const [viewport, setViewport] = useState(400);
  const [top, setTop] = useState(0);
  /** Where the bar was put last; scrolling to there is no scrolling by the reader. */
  const set = useRef(Number.NaN);
  const shape: ListShape = { rows, rowHeight, viewport };
  const opening = useMemo(() => new Opening(), []);

  // Of a list that follows until the reader moves it elsewhere.
  const isAtEnd = useRef(true);
  const setSeen = (next: number): void => {
    isAtEnd.current = next + viewport > rows * rowHeight - rowHeight / 2;
    setTop(next);
  };
  const moveTo = (next: number): void => {
    setSeen(next);
    const bar = Math.round(barOfTop(shape, next));
    if (scroller.current === null || Math.round(scroller.current.scrollTop) === bar) return;
    set.current = bar;
    scroller.current.scrollTop = bar;
  };

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => setViewport(element.clientHeight));
    observer.observe(element);
    setViewport(element.clientHeight);
    return () => observer.disconnect();
  }, []);

  useEffect(
    () => onPage?.(Math.max(1, Math.floor(viewport / rowHeight) - 1)),
    [viewport, rowHeight],
  );

  useEffect(() => {
    if (selected !== null && selected < rows) moveTo(opening.topFor(shape, top, selected));
  }, [selected, viewport, rows > (selected ?? 0)]);

  // Another height moves it again, unless the reader has moved it since.
  const sighted = useRef({ row: Number.NaN, top: 0 });
  useEffect(() => {
    if (sight === null || sight >= rows) {
      sighted.current = { row: Number.NaN, top: 0 };
      return;
    }
    const { row: before, top: left } = sighted.current;
    if (before === sight && Math.abs(left - top) > 1) return;
    const next = Math.max(0, Math.min(sight * rowHeight, rows * rowHeight - viewport));
    sighted.current = { row: sight, top: next };
    moveTo(next);
  }, [sight, viewport, rows > (sight ?? 0)]);

  const hasFollowed = useRef(false);
  useEffect(() => {
    // The last rows come with the end.
    if ((follows || hasFollowed.current) && isAtEnd.current && selected === null) moveTo(Infinity);
    hasFollowed.current = follows;
  }, [rows, follows, viewport]);

  // The browser's own wheel would move a share of a list that is too long for it.
  useEffect(() => {
    const element = scroller.current;
    if (element === null || scrollHeight(shape) >= rows * rowHeight) return;
    const onWheel = (e: WheelEvent): void => {
      if (e.ctrlKey) return;
      e.preventDefault();
      opening.end();
      const unit = e.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight : 1;
      moveTo(Math.max(0, Math.min(rows * rowHeight - viewport, top + e.deltaY * unit)));
    };
    element.addEventListener("wheel", onWheel, { passive: false });
    return () => element.removeEventListener("wheel", onWheel);
  }, [top, rows, viewport, rowHeight]);

  const onScroll = (): void => {
    const at = scroller.current?.scrollTop ?? 0;
    const isOurs = Math.abs(at - set.current) <= 1;
    set.current = Number.NaN;
    if (isOurs) return;
    opening.end();
    setSeen(topOfBar(shape, at));
  };

  const seen = seenAt(shape, top);
  useEffect(() => onSeen?.(seen.first, seen.count), [seen.first, rows]);
  const drawn: VNode[] = [];
  for (let i = 0; i < seen.count; i++) {
    const index = seen.first + i;
    drawn.push(
      <div
        key={index % (seen.count + 1)}
        class={index === selected ? "row is-selected" : "row"}
        role="row"
        aria-rowindex={index + 2}
        aria-selected={index === selected}
        style={{
          transform: `translateY(${seen.offset + i * rowHeight}px)`,
          height: `${rowHeight}px`,
        }}
        onMouseDown={() => {
          opening.end();
          onSelect(index);
        }}
      >
        {row(index)}
      </div>,
    );
  }
  return (
    <div class="list" role="grid" aria-label={label} aria-rowcount={rows + 1}>
      <div class="list-head" role="rowgroup">
        {head}
      </div>
      <div class="list-scroll" role="rowgroup" tabIndex={0} ref={scroller} onScroll={onScroll}>
        <div class="list-space" role="presentation" style={{ height: `${scrollHeight(shape)}px` }}>
          <div class="list-seen" role="presentation" style={{ height: `${viewport}px` }}>
            {drawn}
          </div>
        </div>
      </div>
    </div>
  );
}
