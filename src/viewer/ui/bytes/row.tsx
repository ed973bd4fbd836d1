/**
 * A row of a byte stream with the boundaries of writes, segments and reads over it.
 *
 * @module
 */
import type { VNode } from "preact";
import type { Signal } from "@preact/signals";
import { text, type Text } from "../../../base/lang.ts";
import type { ByteRowPage } from "../../model/bytes/byte-streams.ts";
import type { BytesAs } from "../../model/bytes/cells.ts";
import { PieceKind } from "../../model/bytes/pieces.ts";
import type { ByteSpan } from "../../model/bytes/spans.ts";
import { showCount } from "../../model/show.ts";
import type { Lane } from "../../model/address.ts";
import type { App } from "../app.ts";
import type { Choice } from "./choice.ts";
import { asciiOf, cellsOf, type RowCells } from "./row-cells.ts";

/** A byte under the pointer, and what it belongs to. */
export interface PointedByte {
  readonly offset: number;
  readonly value: number;
  readonly spans: readonly ByteSpan[];
}

/** Bytes that are marked. */
export interface MarkedBytes {
  readonly from: number;
  readonly to: number;
  readonly kind: "selected" | "found" | "chosen";
}

interface Props {
  readonly app: App;
  /** `null` while it is on its way. */
  readonly found: { readonly page: ByteRowPage; readonly at: number } | null;
  readonly as: BytesAs;
  readonly lanes: readonly Lane[];
  readonly marked: readonly MarkedBytes[];
  readonly pointed: Signal<PointedByte | null>;
  readonly choice: Choice;
  /** Pixels of a column. */
  readonly columnPx: number;
}

/** See the module. */
export function ByteRow(props: Props): VNode {
  const { app, found } = props;
  if (found === null || found.at >= found.page.from.length) {
    return <div class="byte-row is-waiting" role="gridcell" />;
  }
  const { page, at } = found;
  if (page.kind[at] !== PieceKind.DATA) return <Hole app={app} page={page} at={at} />;
  return <DataRow {...props} page={page} at={at} />;
}

function DataRow(props: Props & { readonly page: ByteRowPage; readonly at: number }): VNode {
  const { app, page, at, as, lanes, marked, pointed, choice, columnPx } = props;
  const [from, to] = [page.from[at]!, page.to[at]!];
  const cells = cellsOf(page, at, as);
  const here = page.spans.filter((span) => span.from < to && span.to > from);
  const point = (e: MouseEvent): PointedByte | null => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- set on an HTML element
    const line = (e.currentTarget as HTMLElement).getBoundingClientRect();
    const offset = cells.byteAt((e.clientX - line.left) / columnPx);
    if (offset === null) return null;
    const spans = here.filter((span) => span.from <= offset && offset < span.to);
    return { offset, value: page.bytes[page.at[at]! + offset - from]!, spans };
  };
  const now = pointed.value;
  const offset = now !== null && now.offset >= from && now.offset < to ? now.offset : null;
  const marks: Mark[] = marked.filter((mark) => mark.from < to && mark.to > from);
  if (offset !== null) marks.push({ from: offset, to: offset + 1, kind: "pointed" });
  return (
    <div class="byte-row" role="gridcell">
      <span class="byte-at">{showCount(from)}</span>
      <div
        class="byte-body"
        style={{ width: `${cells.width}ch` }}
        onMouseDown={(e) => {
          const under = e.button === 0 ? point(e) : null;
          if (under !== null) choice.press(under.offset, e.shiftKey);
        }}
        onMouseMove={(e) => {
          const under = (pointed.value = point(e));
          if (under !== null) choice.move(under.offset, (e.buttons & 1) !== 0);
        }}
        onMouseLeave={() => (pointed.value = null)}
        onClick={(e) => {
          const spans = point(e)?.spans ?? [];
          const isClick = choice.release(spans.find(({ lane }) => lane === laneUnder(e)) ?? null);
          const segment = spans.find(({ lane }) => lane === "segment");
          if (isClick && segment !== undefined) app.select(segment.frame);
        }}
      >
        {lanes.includes("write") ? (
          <LaneBars {...{ app, here, cells, from, to, now }} lane="write" />
        ) : null}
        <div class="byte-text">
          {marks.map((mark) => (
            <span
              key={`${mark.kind}${mark.from}`}
              class={`byte-mark is-${mark.kind}`}
              style={placeOf(cells, Math.max(mark.from, from), Math.min(mark.to, to))}
            />
          ))}
          <span class="byte-cells">
            {cells.cells.map((cell, i) =>
              cell.kind === "plain" ? (
                <span key={i}>{cell.text}</span>
              ) : (
                <bdi key={i} class={`cell is-${cell.kind}`} style={{ width: `${cell.width}ch` }}>
                  {cell.text}
                </bdi>
              ),
            )}
          </span>
        </div>
        {lanes.includes("segment") ? (
          <LaneBars {...{ app, here, cells, from, to, now }} lane="segment" />
        ) : null}
        {lanes.includes("read") ? (
          <LaneBars {...{ app, here, cells, from, to, now }} lane="read" />
        ) : null}
      </div>
      {as === "hex" ? <span class="byte-ascii">{asciiOf(page, at)}</span> : null}
    </div>
  );
}

/** The lane of calls that an event is in; a segment's bar selects its segment, as its bytes do. */
function laneUnder({ target }: MouseEvent): "write" | "read" | null {
  if (!(target instanceof Element)) return null;
  if (target.closest(".lane.is-write") !== null) return "write";
  return target.closest(".lane.is-read") === null ? null : "read";
}

interface Mark {
  readonly from: number;
  readonly to: number;
  readonly kind: MarkedBytes["kind"] | "pointed";
}

function placeOf(
  cells: RowCells,
  from: number,
  to: number,
): { readonly left: string; readonly width: string } {
  const left = cells.startOf(from);
  return { left: `${left}ch`, width: `${Math.max(0, cells.endOf(to) - left)}ch` };
}

/** Columns of the bytes' font that a letter of a label takes. */
const LABEL_COLUMNS = 0.66;
/** Letters that an ellipsis is wider than another. */
const ELLIPSIS_LETTERS = 3;

function LaneBars(props: {
  readonly app: App;
  readonly lane: Lane;
  readonly here: readonly ByteSpan[];
  readonly cells: RowCells;
  readonly from: number;
  readonly to: number;
  readonly now: PointedByte | null;
}): VNode {
  const { app, lane, here, cells, from, to, now } = props;
  const frame = app.frame.value;
  return (
    <div class={`lane is-${lane}`} aria-hidden="true">
      {here
        .filter((span) => span.lane === lane)
        .map((span) => {
          const [low, high] = [Math.max(span.from, from), Math.min(span.to, to)];
          const isPointed = now?.spans.includes(span) === true;
          const isSelected = lane === "segment" && span.frame === frame;
          const classes = ["bar"];
          if (span.from >= from) classes.push("is-first");
          if (span.to <= to) classes.push("is-last");
          if (isPointed) classes.push("is-pointed");
          if (isSelected) classes.push("is-selected");
          return (
            <span key={span.from} class={classes.join(" ")} style={placeOf(cells, low, high)}>
              <small>
                {labelOf(span, span.from >= from, cells.endOf(high) - cells.startOf(low))}
              </small>
            </span>
          );
        })}
    </div>
  );
}

const widthOf = (label: string): number =>
  (label.length + (label.startsWith("…") ? ELLIPSIS_LETTERS : 0)) * LABEL_COLUMNS;

/** As much of it as so many columns hold. Names of calls are never translated. */
function labelOf({ lane, number, from, to }: ByteSpan, isFirst: boolean, columns: number): string {
  const name = lane === "segment" ? `#${number}` : `${lane} ${number}`;
  const labels = isFirst ? [`${name} · ${showCount(to - from)} B`, name] : [`… ${name}`, "…"];
  return labels.find((label) => widthOf(label) <= columns) ?? "";
}

function Hole(props: {
  readonly app: App;
  readonly page: ByteRowPage;
  readonly at: number;
}): VNode {
  const { app, page, at } = props;
  const len = showCount(page.to[at]! - page.from[at]!);
  return (
    <div class="byte-row is-hole" role="gridcell">
      <span class="byte-at">{showCount(page.from[at]!)}</span>
      <span class="hole">
        <b>
          {app.say(
            page.kind[at] === PieceKind.UNSHOWN
              ? text(`${len} more bytes`, `还有 ${len} 字节`)
              : text(`${len} bytes missing`, `缺少 ${len} 字节`),
          )}
        </b>{" "}
        {app.say(HOLES[page.kind[at]!] ?? HOLES[PieceKind.LOST]!)}
      </span>
    </div>
  );
}

const HOLES: Readonly<Record<number, Text>> = {
  [PieceKind.CUT]: text(
    "their segment was captured without its end (snaplen)",
    "所在的报文段抓包时被截短（snaplen）",
  ),
  [PieceKind.LOST]: text("no captured segment brought them", "抓到的报文段里都没有这些字节"),
  [PieceKind.UNSHOWN]: text(
    "from here: as text the first 64 MiB are shown, in hex all of it",
    "之后的部分：文本方式只显示前 64 MiB，十六进制显示全部",
  ),
};
