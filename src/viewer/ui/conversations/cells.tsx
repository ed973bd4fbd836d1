/**
 * A conversation in the table and in the list at the side.
 *
 * @module
 */
import type { ComponentChildren, VNode } from "preact";
import { text, type Text } from "../../../base/lang.ts";
import { completenessName } from "../../../analysis/conversations/completeness.ts";
import type { Conversation } from "../../../analysis/conversations/conversation.ts";
import { Flag } from "../../../wire/tcp.ts";
import { sparkline } from "../../draw/sparkline.ts";
import type { ConversationRow } from "../../model/conversation-list.ts";
import { markOf } from "../../model/marks.ts";
import { showBytes, showCount, showSeconds, showSpan } from "../../model/show.ts";
import type { App } from "../app.ts";
import { EndName } from "../end-name.tsx";
import { MarkChip } from "../marks.tsx";

const SPARK_WIDTH = 120;
const SPARK_HEIGHT = 22;

/** Verdicts that a row names; the table has no room for more. */
const SHOWN_VERDICTS = 3;

const ENDINGS: Readonly<Record<Conversation["ending"], Text>> = {
  closed: text("closed", "已关闭"),
  "half-closed": text("half closed", "半关闭"),
  reset: text("reset", "被重置"),
  open: text("open", "未结束"),
};

/** The cells of a row; empty while it is on its way. */
export function ConversationCells({
  app,
  row,
}: {
  readonly app: App;
  readonly row: ConversationRow | null;
}): VNode {
  if (row === null) return <div class="conversation-grid is-waiting" role="gridcell" />;
  const { measures } = row;
  const rtt = measures?.handshake.rttNs ?? null;
  return (
    <div class="conversation-grid" role="presentation">
      {cell("num", row.stream)}
      {cell("ends", <Ends row={row} />)}
      {cell("num", startOf(row.start))}
      {cell("num", showSpan(row.durationNs))}
      {cell("num", showCount(row.segments))}
      {cell("num", showBytes(row.sent))}
      {cell("num", showBytes(row.received))}
      {cell("num", rtt === null ? "–" : showSpan(rtt))}
      {cell("ending", <Ending app={app} row={row} />)}
      {cell("why", <Verdicts app={app} row={row} />)}
      {cell("spark", <Spark row={row} />)}
    </div>
  );
}

/** Nanoseconds from which a start has whole seconds: hours after the first packet. */
const LATE_NS = 1e13;

const startOf = (ns: number): string => (ns < LATE_NS ? showSeconds(ns) : showCount(ns / 1e9));

/** Client and server, one over the other. */
export function Ends({ row }: { readonly row: ConversationRow }): VNode {
  return (
    <>
      <span>
        <EndName end={row.client} />
      </span>
      <span>
        → <EndName end={row.server} />
      </span>
    </>
  );
}

function cell(kind: string, children: ComponentChildren): VNode {
  return (
    <span class={kind} role="gridcell">
      {children}
    </span>
  );
}

function Ending({ app, row }: { readonly app: App; readonly row: ConversationRow }): VNode {
  const { measures, flags } = row;
  const strip: readonly (readonly [string, number])[] = [
    ["S", Flag.SYN],
    ["P", Flag.PSH],
    ["F", Flag.FIN],
    ["R", Flag.RST],
  ];
  const ending = measures === null ? null : app.say(ENDINGS[measures.ending]);
  return (
    <span title={measures === null ? "" : completenessName(measures.completeness)}>
      <span class="strip" aria-hidden="true">
        {strip.map(([letter, bit]) => (
          <b key={letter} class={(flags & bit) === 0 ? "off" : `on-${letter}`}>
            {(flags & bit) === 0 ? "·" : letter}
          </b>
        ))}
      </span>
      {ending}
    </span>
  );
}

function Verdicts({ app, row }: { readonly app: App; readonly row: ConversationRow }): VNode {
  if (row.measures === null) return <span class="quiet">{row.marked === 0 ? "" : row.marked}</span>;
  const left = row.verdicts.length - SHOWN_VERDICTS;
  return (
    <span class="chips">
      {worstFirst(row.verdicts).map(([name, count]) => (
        <MarkChip key={name} app={app} mark={markOf(name)} count={count} />
      ))}
      {left > 0 ? <span class="quiet">+{left}</span> : null}
    </span>
  );
}

function worstFirst(verdicts: ConversationRow["verdicts"]): ConversationRow["verdicts"] {
  const rank = { bad: 0, odd: 1, note: 2 };
  return verdicts
    .toSorted(([a], [b]) => rank[markOf(a).tone] - rank[markOf(b).tone])
    .slice(0, SHOWN_VERDICTS);
}

/** When the conversation was busy. */
export function Spark({ row }: { readonly row: ConversationRow }): VNode {
  return (
    <svg
      class="sparkline"
      viewBox={`0 0 ${SPARK_WIDTH} ${SPARK_HEIGHT}`}
      preserveAspectRatio="none"
      aria-hidden="true"
    >
      <path d={sparkline(row.spark, SPARK_WIDTH, SPARK_HEIGHT)} />
    </svg>
  );
}
