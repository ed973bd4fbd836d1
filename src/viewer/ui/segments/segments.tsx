/**
 * The list of segments: every frame of the recording, or those that the display filter passes.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { rowAfter } from "../../model/keys.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";
import { PageCache } from "../page-cache.ts";
import type { RowPage } from "../../model/rows.ts";
import { VirtualList } from "../virtual-list.tsx";
import { SegmentHead, SegmentRow } from "./row.tsx";

const ROW_HEIGHT = 24;
const PAGE_ROWS = 64;

/** See the module. */
export function SegmentsView({ app }: { readonly app: App }): VNode {
  const filtered = app.isFiltered.value;
  const cache = useMemo(
    () =>
      new PageCache<RowPage>(PAGE_ROWS, (from, count) =>
        app.client.ask("rows", { from, count, filtered }),
      ),
    [filtered, app.filter.value, app.inputs.value],
  );
  useEffect(() => cache.refresh(), [cache, app.version.value]);
  const selected = useRowOfFrame(app, filtered);
  const sight = useRowOfTime(app, filtered);
  const page = useRef(20);
  const total = rowsOf(app, filtered);

  // Rows are others when the filter is another.
  const aim = useMemo((): { current: Aim | null } => ({ current: null }), [cache]);
  const selectRow = async (index: number): Promise<void> => {
    const next: Aim = { row: Math.max(0, Math.min(index, total - 1)), frame: null };
    aim.current = next;
    const rows = await app.client.ask("rows", { from: next.row, count: 1, filtered });
    if (aim.current !== next) return;
    next.frame = rows.frame[0] ?? null;
    if (next.frame !== null) app.select(next.frame);
  };
  useActions(app, (action) => {
    const at = rowAimedAt(aim.current, app.frame.peek()) ?? selected ?? -1;
    const target = rowAfter(action, at, page.current, total);
    if (target === null) return false;
    void selectRow(target);
    return true;
  });

  void cache.arrived.value;
  if (total === 0 && app.filterState.value.phase === "done") return <NothingPasses app={app} />;
  return (
    <VirtualList
      label={app.say(text("Segments", "报文段"))}
      rows={total}
      rowHeight={ROW_HEIGHT}
      selected={selected}
      sight={sight}
      follows={app.progress.value?.size === null && app.progress.value.phase === "reading"}
      head={<SegmentHead app={app} />}
      row={(index) => <SegmentRow app={app} found={cache.find(index)} />}
      onSelect={(index) => void selectRow(index)}
      onPage={(rows) => (page.current = rows)}
      onSeen={(first, count) => cache.expect(first, count, total)}
    />
  );
}

function NothingPasses({ app }: { readonly app: App }): VNode {
  return (
    <div class="empty-note">
      <p>{app.say(text("No frame passes the display filter.", "没有帧通过显示过滤器。"))}</p>
      <button type="button" class="text-button" onClick={() => void app.applyFilter("")}>
        {app.say(text("Show all frames", "显示全部帧"))}
      </button>
    </div>
  );
}

/** The row that was chosen last; {@link frame} is known when the worker has answered. */
interface Aim {
  readonly row: number;
  frame: number | null;
}

/** Where the next key goes on from while the worker is asked; `null`: something else was selected since. */
function rowAimedAt(aim: Aim | null, frame: number | null): number | null {
  if (aim === null) return null;
  return aim.frame === null || aim.frame === frame ? aim.row : null;
}

function rowsOf(app: App, filtered: boolean): number {
  return filtered ? app.filterState.value.matches : (app.progress.value?.packets ?? 0);
}

/** Where in the list the selected frame is. */
function useRowOfFrame(app: App, filtered: boolean): number | null {
  const [row, setRow] = useState<number | null>(null);
  const frame = app.frame.value;
  const { phase } = app.filterState.value;
  const isRead = app.isFrameRead.value;
  useEffect(() => {
    if (frame === null || !isRead) return setRow(null);
    let isLate = false;
    void app.client.ask("rowOfFrame", { frame, filtered }).then((found) => {
      if (!isLate) setRow(found === -1 ? null : found);
    });
    return () => {
      isLate = true;
    };
  }, [frame, filtered, phase, isRead]);
  return row;
}

/** The first row of the time that all views show, unless a frame says what is to be seen. */
function useRowOfTime(app: App, filtered: boolean): number | null {
  const [row, setRow] = useState<number | null>(null);
  const from = app.range.value?.[0] ?? null;
  const isWanted = from !== null && app.frame.value === null;
  const { phase } = app.filterState.value;
  const isRead = app.isRead.value;
  useEffect(() => {
    if (!isWanted || !isRead) return setRow(null);
    let isLate = false;
    void app.client.ask("rowOfTime", { time: from, filtered }).then((found) => {
      if (!isLate) setRow(found === -1 ? null : found);
    });
    return () => {
      isLate = true;
    };
  }, [from, isWanted, filtered, phase, isRead, app.progress.value?.phase]);
  return row;
}
