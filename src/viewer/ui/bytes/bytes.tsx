/**
 * The byte stream of a direction, with the boundaries of writes, segments and reads drawn over it: what
 * TCP keeps (the bytes and their order) and what it does not (where one write ended).
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { signal, type Signal } from "@preact/signals";
import { text } from "../../../base/lang.ts";
import { LANES } from "../../model/address.ts";
import type { ByteRowPage, ByteSpot, ByteView } from "../../model/bytes/byte-streams.ts";
import type { BytesAs } from "../../model/bytes/cells.ts";
import type { DirectionSums } from "../../model/bytes/direction.ts";
import type { Action } from "../../model/keys.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";
import { PageCache } from "../page-cache.ts";
import { useAnswer } from "../use-answer.ts";
import { VirtualList } from "../virtual-list.tsx";
import { Choice } from "./choice.ts";
import { copyBytes } from "./clipboard.ts";
import { CopyPanel } from "./copy.tsx";
import { ByteRow, type MarkedBytes, type PointedByte } from "./row.tsx";
import { ByteStrip, StreamSentence } from "./strip.tsx";
import { ByteTools } from "./tools.tsx";

const PAGE_ROWS = 64;
/** Heights in pixels: the line of text, each lane, and the space around. */
const LINE = 22;
const LANE = 17;
const SPACE = 8;
/** Columns beside the bytes: the offset, the gap. */
const GUTTER = 12;
const MAX_COLUMNS = 112;

/** See the module. */
export function BytesView({ app }: { readonly app: App }): VNode {
  const stream = app.stream.value ?? 0;
  const { answer: sums, isAsking } = useAnswer(app, "byteSums", { stream });
  const [room, columnPx, ruler] = useRoom();
  const shape = useMemo(() => shapeOf(room, app.bytes.value.as), [room, app.bytes.value.as]);
  const spot = useSpot(app, { stream, dir: 0, ...shape }, sums);
  const pointed = useMemo(() => signal<PointedByte | null>(null), [stream]);
  return (
    <div class="bytes-view">
      <span class="byte-ruler" ref={ruler} aria-hidden="true">
        {"0".repeat(100)}
      </span>
      {sums === null ? (
        isAsking ? null : (
          <p class="empty-note">
            {app.say(
              text("There is no such connection in this recording.", "这份记录里没有这条连接。"),
            )}
          </p>
        )
      ) : (
        <Shown {...{ app, sums, shape, spot, pointed, columnPx }} stream={stream} />
      )}
    </div>
  );
}

function Shown(props: {
  readonly app: App;
  readonly stream: number;
  readonly sums: readonly [DirectionSums, DirectionSums];
  readonly shape: { readonly as: BytesAs; readonly columns: number };
  readonly spot: ByteSpot | null;
  readonly pointed: Signal<PointedByte | null>;
  readonly columnPx: number;
}): VNode {
  const { app, stream, sums, shape, spot, pointed, columnPx } = props;
  const dir = app.bytes.value.dir ?? spot?.dir ?? app.details.value?.dir ?? richer(sums);
  const view: ByteView = { stream, dir, ...shape };
  const sum = sums[dir];
  const { hidden } = app.bytes.value;
  const [found, setFound] = useState<(MarkedBytes & { readonly row: number }) | null>(null);
  const has = { write: sum.writes > 0, segment: true, read: sum.reads > 0 };
  const lanes = LANES.filter((lane) => has[lane] && !hidden.includes(lane));
  const wanted = useWanted([JSON.stringify(view), app.inputs.value]);
  const cache = useMemo(
    () =>
      new PageCache<ByteRowPage>(PAGE_ROWS, (from, count) =>
        wanted.of(app.client.ask("byteRows", { ...view, from, count }, wanted.signal)),
      ),
    [wanted],
  );
  useEffect(() => cache.refresh(), [cache, sums]);
  useEffect(() => setFound(null), [stream, dir]);
  useRowKeys(app, spot);
  void cache.arrived.value;
  const total = cache.find(0)?.page.total ?? 0;
  const isHere = spot !== null && spot.dir === dir;
  const marked: MarkedBytes[] = isHere ? [{ from: spot.from, to: spot.to, kind: "selected" }] : [];
  if (found !== null) marked.push(found);
  const choice = useMemo(() => new Choice(), [stream, dir]);
  const [isCopyOpen, setCopyOpen] = useCopyKeys(app, view, choice);
  const chosen = choice.range.value;
  if (chosen !== null) marked.push({ ...chosen, kind: "chosen" });
  const meant = found ?? (isHere && spot.to > spot.from ? spot : sum);
  const drawn = useDrawnRows([cache, columnPx, JSON.stringify([lanes, marked])]);
  return (
    <>
      <ByteTools
        {...{ app, view, sums, sum, has, found, setFound, isCopyOpen }}
        onCopy={() => setCopyOpen(!isCopyOpen)}
        key={stream}
      />
      {isCopyOpen && sum.bytes > 0 ? (
        <CopyPanel {...{ app, view, sum, choice, meant }} onClose={() => setCopyOpen(false)} />
      ) : null}
      {sum.bytes === 0 && sum.holes === 0 ? (
        <p class="empty-note">
          {app.say(text("Nothing was sent in this direction.", "这个方向上没有发送任何数据。"))}
        </p>
      ) : (
        <VirtualList
          label={app.say(text("Bytes of the stream", "字节流"))}
          rows={total}
          rowHeight={LINE + SPACE + LANE * lanes.length}
          selected={found?.row ?? (isHere ? spot.row : null)}
          head={<StreamSentence app={app} sum={sum} />}
          row={(index) => {
            const there = cache.find(index);
            return drawn(there, () => (
              <ByteRow
                {...{ app, lanes, marked, pointed, choice, columnPx }}
                as={shape.as}
                found={there}
              />
            ));
          }}
          onSelect={() => {}}
        />
      )}
      <ByteStrip app={app} sum={sum} pointed={pointed} spot={isHere ? spot : null} />
    </>
  );
}

/** Answers that are wanted until `until` changes; then what is still on its way is given up, and never comes. */
function useWanted(until: readonly unknown[]): {
  readonly signal: AbortSignal;
  readonly of: <T>(answer: Promise<T>) => Promise<T>;
} {
  const given = useMemo(() => new AbortController(), until);
  useEffect(() => () => given.abort(new DOMException("other rows", "AbortError")), [given]);
  return useMemo(() => {
    const of = <T,>(answer: Promise<T>): Promise<T> =>
      answer.catch((e: unknown) => {
        if (!given.signal.aborted) throw e;
        return new Promise<T>(() => {});
      });
    return { signal: given.signal, of };
  }, [given]);
}

type FoundRow = { readonly page: ByteRowPage; readonly at: number } | null;

/** Rows as they were drawn, until something of `when` changes: scrolling then draws only what comes into sight. */
function useDrawnRows(when: readonly unknown[]): (row: FoundRow, draw: () => VNode) => VNode {
  return useMemo(() => {
    const pages = new WeakMap<ByteRowPage, Map<number, VNode>>();
    return (row: FoundRow, draw: () => VNode): VNode => {
      if (row === null) return draw();
      const rows = pages.get(row.page) ?? new Map<number, VNode>();
      pages.set(row.page, rows);
      const known = rows.get(row.at) ?? draw();
      rows.set(row.at, known);
      return known;
    };
  }, when);
}

const richer = (sums: readonly [DirectionSums, DirectionSums]): 0 | 1 =>
  sums[0].bytes === 0 && sums[1].bytes > 0 ? 1 : 0;

/** Columns of a text row, bytes of a hex row, in so many columns. */
function shapeOf(room: number, as: BytesAs): { readonly as: BytesAs; readonly columns: number } {
  if (as === "hex") return { as, columns: room >= 16 * 4 + 4 ? 16 : 8 };
  return { as, columns: Math.max(16, Math.min(MAX_COLUMNS, room)) };
}

/** Columns there are for bytes, and the pixels of one. */
function useRoom(): readonly [number, number, { current: HTMLSpanElement | null }] {
  const ruler = useRef<HTMLSpanElement>(null);
  const [room, setRoom] = useState<readonly [number, number]>([64, 8]);
  useLayoutEffect(() => {
    const element = ruler.current;
    const parent = element?.parentElement;
    if (element === null || parent === undefined || parent === null) return;
    const measure = (): void => {
      const column = element.getBoundingClientRect().width / 100;
      if (column > 0) setRoom([Math.floor(parent.clientWidth / column) - GUTTER, column]);
    };
    const observer = new ResizeObserver(measure);
    observer.observe(parent);
    measure();
    return () => observer.disconnect();
  }, []);
  return [room[0], room[1], ruler];
}

/** Where the bytes of the selected segment are. Another segment shows its own direction again. */
function useSpot(app: App, view: ByteView, sums: unknown): ByteSpot | null {
  const [spot, setSpot] = useState<ByteSpot | null>(null);
  const frame = app.frame.value;
  const before = useRef(frame);
  useEffect(() => {
    if (before.current === frame) return;
    before.current = frame;
    app.bytes.value = { ...app.bytes.value, dir: null };
  }, [frame]);
  useEffect(() => {
    if (frame === null) return setSpot(null);
    const given = new AbortController();
    void app.client
      .ask("byteSpot", { ...view, frame }, given.signal)
      .then(setSpot, (e: unknown) => {
        if (!given.signal.aborted) throw e;
      });
    return () => given.abort(new DOMException("another segment", "AbortError"));
  }, [frame, JSON.stringify(view), sums]);
  return spot;
}

/** Whether the panel is open; `c` opens it, Esc closes it, Ctrl+C copies what is chosen as it is shown. */
function useCopyKeys(
  app: App,
  view: ByteView,
  choice: Choice,
): readonly [boolean, (isOpen: boolean) => void] {
  const [isOpen, setOpen] = useState(false);
  useActions(app, (action) => {
    if (action !== "copy" && !(action === "out" && isOpen)) return false;
    setOpen(!isOpen);
    return true;
  });
  useEffect(() => {
    const onCopy = (e: ClipboardEvent): void => {
      const range = choice.range.peek();
      const isWriting = e.target instanceof HTMLElement && e.target.matches("input, textarea");
      if (range === null || isWriting || getSelection()?.isCollapsed === false) return;
      e.preventDefault();
      void copyBytes(app, view, range, view.as === "hex" ? "hex" : "text");
    };
    document.addEventListener("copy", onCopy);
    return () => document.removeEventListener("copy", onCopy);
  }, [choice, JSON.stringify(view)]);
  return [isOpen, setOpen];
}

/** Keys that are kept while the worker is busy. */
const WAITING = 50;

/** `j` and `k` go from segment to segment; the other keys scroll. */
function useRowKeys(app: App, spot: ByteSpot | null): void {
  // Until the worker has said where a segment is, keys wait for that.
  const waiting = useRef<Action[]>([]);
  useEffect(() => {
    const action = waiting.current.shift();
    if (action !== undefined) app.act(action);
  }, [spot]);
  useActions(app, (action) => {
    const isWalk = action === "next-row" || action === "previous-row";
    if (isWalk && spot !== null && spot.frame !== app.frame.peek()) {
      if (waiting.current.length < WAITING) waiting.current.push(action);
      return true;
    }
    // It has no bytes: on to the next segment, as everywhere.
    if (isWalk && spot === null && app.frame.peek() !== null) return false;
    const target = { "next-row": spot?.after, "previous-row": spot?.before }[action as string];
    if (target !== undefined && target !== 0) {
      app.select(target);
      return true;
    }
    const pane = document.querySelector(".bytes-view .list-scroll");
    if (pane === null) return false;
    const page = pane.clientHeight * 0.9;
    const by = {
      "next-row": 40,
      "previous-row": -40,
      "next-page": page,
      "previous-page": -page,
      "first-row": -Infinity,
      "last-row": Infinity,
    }[action as string];
    if (by === undefined) return false;
    pane.scrollTop = Math.max(0, Math.min(pane.scrollHeight, pane.scrollTop + by));
    return true;
  });
}
