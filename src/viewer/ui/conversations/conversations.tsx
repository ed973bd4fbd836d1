/**
 * The table of conversations: sortable, and narrowed by words of an address.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { text, type Text } from "../../../base/lang.ts";
import type { ConversationSort, Order } from "../../model/address.ts";
import type { ConversationPage } from "../../model/conversation-list.ts";
import { showCount } from "../../model/show.ts";
import { rowAfter } from "../../model/keys.ts";
import type { App } from "../app.ts";
import { PageCache } from "../page-cache.ts";
import { useActions } from "../use-actions.ts";
import { useAnswer } from "../use-answer.ts";
import { VirtualList } from "../virtual-list.tsx";
import { ConversationCells } from "./cells.tsx";
import { OverviewBar } from "./overview.tsx";

const ROW_HEIGHT = 40;
const PAGE_ROWS = 64;

const COLUMNS: readonly (readonly [ConversationSort | null, string, Text])[] = [
  ["stream", "num", text("#", "#")],
  [null, "ends", text("Client → server", "客户端 → 服务端")],
  ["start", "num", text("Start (s)", "开始（秒）")],
  ["duration", "num", text("Duration", "时长")],
  ["segments", "num", text("Segments", "报文段")],
  ["sent", "num", text("Sent", "发送")],
  ["received", "num", text("Received", "接收")],
  ["rtt", "num", text("RTT", "RTT")],
  [null, "ending", text("End", "结束")],
  ["verdicts", "why", text("Verdicts", "判断")],
  [null, "spark", text("Activity", "活动")],
];

/** Pages of conversations in an order, and how many there are. */
export function useConversations(
  app: App,
  order: Order,
  words: string,
): { readonly cache: PageCache<ConversationPage>; readonly total: number; readonly all: number } {
  const [size, setSize] = useState({ total: 0, all: 0 });
  const cache = useMemo(
    () =>
      new PageCache<ConversationPage>(PAGE_ROWS, async (from, count) => {
        const page = await app.client.ask("conversations", { from, count, ...order, text: words });
        setSize({ total: page.total, all: page.all });
        return page;
      }),
    [order.sort, order.descending, words, app.inputs.value],
  );
  const { phase, streams = 0, segments = 0 } = app.progress.value ?? {};
  // While more are read, each look at all of them is as long as they are many: one at each doubling.
  const growth = segments < 20_000 ? segments : Math.floor(2 * Math.log2(segments));
  useEffect(() => {
    cache.refresh();
    cache.find(0);
  }, [cache, phase, growth, streams > 0]);
  void cache.arrived.value;
  return { cache, ...size };
}

/** See the module. */
export function ConversationsView({ app }: { readonly app: App }): VNode {
  const { value: order } = app.order;
  const { value: words } = app.find;
  const { cache, total, all } = useConversations(app, order, words);
  const rowAt = (index: number): ConversationPage["rows"][number] | null => {
    const found = cache.find(index);
    return found?.page.rows[found.at] ?? null;
  };
  const stream = app.stream.value;
  const ask = { stream: stream ?? 0, ...order, text: words };
  const { answer } = useAnswer(app, "rowOfStream", stream === null ? null : ask);
  // A click shows before the answer comes.
  const key = JSON.stringify([ask, total]);
  const [picked, setPicked] = useState({ key: "", row: 0 });
  const selected = picked.key === key ? picked.row : answer;
  const choose = async (index: number): Promise<void> => {
    const query = { from: index, count: 1, ...order, text: words };
    const row = rowAt(index) ?? (await app.client.ask("conversations", query)).rows[0];
    if (row === undefined) return;
    setPicked({ key: JSON.stringify([{ ...ask, stream: row.stream }, total]), row: index });
    app.selectStream(row.stream, row.firstFrame);
  };
  const page = useRef(10);
  useActions(app, (action) => {
    const target = rowAfter(action, selected ?? -1, page.current, total);
    if (target === null || total === 0) return false;
    void choose(target);
    return true;
  });
  const sortBy = (sort: ConversationSort): void => {
    const isSame = order.sort === sort;
    const descending = isSame ? !order.descending : sort !== "stream" && sort !== "start";
    app.order.value = { sort, descending };
  };
  return (
    <div class="view-column">
      <div class="tools">
        <input
          type="search"
          class="input"
          aria-label={app.say(FIND)}
          placeholder={app.say(FIND)}
          value={words}
          onInput={(e) => (app.find.value = e.currentTarget.value)}
        />
        <span class="quiet">
          {total === all ? showCount(all) : `${showCount(total)} / ${showCount(all)}`}{" "}
          {app.say(text(all === 1 ? "conversation" : "conversations", "条连接"))}
        </span>
      </div>
      {all === 0 ? null : <OverviewBar app={app} />}
      <VirtualList
        label={app.say(text("Conversations", "连接"))}
        rows={total}
        rowHeight={ROW_HEIGHT}
        selected={selected === -1 ? null : selected}
        head={
          <div class="conversation-grid" role="row" aria-rowindex={1}>
            {COLUMNS.map(([sort, kind, title]) => (
              <HeadCell
                key={title.en}
                app={app}
                sort={sort}
                kind={kind}
                title={title}
                order={order}
                onSort={sortBy}
              />
            ))}
          </div>
        }
        row={(index) => <ConversationCells app={app} row={rowAt(index)} />}
        onSelect={(index) => void choose(index)}
        onPage={(rows) => (page.current = rows)}
      />
    </div>
  );
}

const FIND = text("Find an address or a port", "查找地址或端口");

function HeadCell(props: {
  readonly app: App;
  readonly sort: ConversationSort | null;
  readonly kind: string;
  readonly title: Text;
  readonly order: Order;
  readonly onSort: (sort: ConversationSort) => void;
}): VNode {
  const { app, sort, kind, title, order, onSort } = props;
  if (sort === null) {
    return (
      <span class={kind} role="columnheader">
        {app.say(title)}
      </span>
    );
  }
  const isSorted = order.sort === sort;
  const sorted = isSorted ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <span class={kind} role="columnheader" aria-sort={sorted}>
      <button type="button" class="sort" onClick={() => onSort(sort)}>
        {app.say(title)}
        <span aria-hidden="true">{isSorted ? (order.descending ? " ↓" : " ↑") : ""}</span>
      </button>
    </span>
  );
}
