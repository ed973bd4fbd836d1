/**
 * The list of conversations at the side: one is selected in every view.
 *
 * @module
 */
import type { VNode } from "preact";
import { text } from "../../../base/lang.ts";
import type { ConversationRow } from "../../model/conversation-list.ts";
import { showBytes, showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { Ends, Spark } from "../conversations/cells.tsx";
import { useActions } from "../use-actions.ts";
import { useConversations } from "../conversations/conversations.tsx";
import { VirtualList } from "../virtual-list.tsx";

const ROW_HEIGHT = 56;
const BY_STREAM = { sort: "stream", descending: false } as const;

/** See the module. */
export function Side({ app }: { readonly app: App }): VNode {
  const { value: words } = app.find;
  const { cache, total, all } = useConversations(app, BY_STREAM, words);
  const rowAt = (index: number): ConversationRow | null => {
    const found = cache.find(index);
    return found?.page.rows[found.at] ?? null;
  };
  const select = (index: number): void => {
    const row = rowAt(index);
    if (row === null) return;
    app.selectStream(row.stream, row.firstFrame);
    app.isSideOpen.value = false;
  };
  // In the order of their numbers a conversation is found by its number.
  const selected = words === "" ? app.stream.value : null;
  useActions(app, (action) => {
    const step = action === "next-stream" ? 1 : action === "previous-stream" ? -1 : 0;
    if (step === 0) return false;
    const next = selected === null ? 0 : selected + step;
    if (next >= 0 && next < total) select(next);
    return true;
  });
  const label = text("Conversations", "连接列表");
  const find = text("Find an address or a port", "查找地址或端口");
  return (
    <aside class={app.isSideOpen.value ? "side is-open" : "side"} aria-label={app.say(label)}>
      <div class="tools">
        <input
          type="search"
          class="input"
          aria-label={app.say(find)}
          placeholder={app.say(find)}
          value={words}
          onInput={(e) => (app.find.value = e.currentTarget.value)}
        />
      </div>
      <VirtualList
        label={app.say(label)}
        rows={total}
        rowHeight={ROW_HEIGHT}
        selected={selected}
        head={
          <div class="side-head" role="row">
            <span role="columnheader">
              {total === all ? showCount(all) : `${showCount(total)} / ${showCount(all)}`}{" "}
              {app.say(text(all === 1 ? "conversation" : "conversations", "条连接"))}
            </span>
          </div>
        }
        row={(index) => <SideRow app={app} row={rowAt(index)} />}
        onSelect={select}
      />
    </aside>
  );
}

function SideRow({ app, row }: { readonly app: App; readonly row: ConversationRow | null }): VNode {
  if (row === null) return <div class="side-row is-waiting" role="gridcell" />;
  const segments = showCount(row.segments);
  return (
    <div class="side-row" role="gridcell">
      <b class="side-number">{row.stream}</b>
      <span class="side-ends">
        <Ends row={row} />
      </span>
      <span class="side-sums">
        <span>{app.say(text(`${segments} seg.`, `${segments} 段`))}</span>
        <span>{showBytes(row.sent + row.received)}</span>
      </span>
      <Spark row={row} />
      {row.marked === 0 ? null : (
        <span
          class="side-marked"
          title={app.say(text("segments with a verdict", "有判断的报文段"))}
        >
          ! {showCount(row.marked)}
        </span>
      )}
    </div>
  );
}
