/**
 * The picture of a ladder, with what moves through it: wheel, keys, pointer.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { text } from "../../../base/lang.ts";
import { columnsOf, evenHeights, HEAD, rowHeight, timeHeights } from "../../draw/ladder/layout.ts";
import { callNear, segmentNear } from "../../draw/ladder/links.ts";
import { ladderScene } from "../../draw/ladder/scene.ts";
import { PictureView } from "../picture.tsx";
import { CallButtons, selectCall } from "./call-buttons.tsx";
import type { LadderParts } from "./ladder-tools.tsx";
import { useRungScroll, useSize } from "./rung-scroll.ts";
import { sceneOptions } from "./scene-options.ts";
import { useLadderKeys } from "./ladder-keys.ts";
import { useFollowedSelection } from "./use-ladder.ts";

/** How much longer a range is after one step of the wheel. */
const WHEEL_ZOOM = 1.0015;

interface Props extends LadderParts {
  readonly isTrueTime: boolean;
  /** -1: none. */
  readonly pointed: number;
  /** Of `ladder.calls`; -1: none. */
  readonly pointedCall: number;
  readonly onPoint: (index: number, call: number) => void;
  readonly onWidth: (width: number) => void;
}

/** See the module. */
export function LadderPicture(props: Props): VNode {
  const { app, ladder, list, time, selected, pointed, pointedCall, isTrueTime, onPoint, onWidth } =
    props;
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  useEffect(() => onWidth(width), [width]);
  const columns = columnsOf(width, ladder.calls.length > 0);
  const row = rowHeight(columns.isNarrow);
  const viewport = Math.max(row, height - HEAD);
  const shape = { rows: list.length, rowHeight: row, viewport };
  const scroll = useRungScroll(scroller, shape, !isTrueTime);
  const heights = isTrueTime
    ? timeHeights(ladder, time.range, viewport)
    : evenHeights(list, scroll.top, viewport, columns.isNarrow);

  useFollowedSelection(app, list, time, selected, isTrueTime);
  const { reveal } = scroll;
  const at = selected === -1 ? null : list.rowOf(selected);
  useEffect(() => {
    if (!isTrueTime && at !== null) reveal(at);
  }, [selected, at === null, ladder, isTrueTime, height]);

  useLadderKeys(app, list, selected, Math.max(1, Math.floor(viewport / row) - 1), {
    zoom: time.zoom,
    fit: time.fit,
    pan: (share) => (isTrueTime || time.isPart ? time.pan(share) : scroll.moveBy(share * viewport)),
  });

  useEffect(() => {
    const { current } = scroller;
    if (current === null) return;
    const onWheel = (e: WheelEvent): void => {
      if (!isTrueTime && !e.ctrlKey) return;
      e.preventDefault();
      const unit = e.deltaMode === WheelEvent.DOM_DELTA_LINE ? 20 : 1;
      const by = e.deltaY * unit;
      if (!e.ctrlKey) return time.pan(by / viewport);
      const y = e.clientY - current.getBoundingClientRect().top;
      time.zoom(WHEEL_ZOOM ** by, heights.timeAt?.(y));
    };
    current.addEventListener("wheel", onWheel, { passive: false });
    return () => current.removeEventListener("wheel", onWheel);
  });

  /** The segment or the call under the pointer. */
  const under = (e: MouseEvent): readonly [segment: number, call: number] => {
    const box = scroller.current?.getBoundingClientRect();
    if (box === undefined) return [-1, -1];
    const [x, y] = [e.clientX - box.left, e.clientY - box.top];
    if (y < HEAD) return [-1, -1];
    const call = callNear(ladder, columns, heights, x, y);
    return call === -1 ? [segmentNear(columns, heights, x, y), -1] : [-1, call];
  };
  const select = (e: MouseEvent): void => {
    const [index, call] = under(e);
    scroll.stay();
    if (call !== -1) selectCall(app, ladder, call);
    if (index !== -1) app.select(ladder.frame[index]!, ladder.stream);
  };
  const look = { selected, pointed, pointedCall, height, range: time.range };
  const options = sceneOptions(app, ladder, look);
  const label = app.say(
    text(
      "Ladder of the connection; the table has the same in words",
      "连接的梯形图；表格里有同样的内容",
    ),
  );
  return (
    <div
      class={isTrueTime ? "ladder is-true-time" : "ladder"}
      ref={scroller}
      tabIndex={0}
      role="group"
      aria-label={label}
      onScroll={scroll.onScroll}
      onMouseMove={(e) => onPoint(...under(e))}
      onMouseLeave={() => onPoint(-1, -1)}
      onClick={select}
    >
      <div
        class="ladder-space"
        style={{ height: `${isTrueTime ? height : scroll.space + HEAD}px` }}
      >
        <div class="ladder-seen" style={{ height: `${height}px` }}>
          <PictureView picture={ladderScene(ladder, columns, heights, options)} />
          <CallButtons
            {...{ app, ladder, columns, heights, height }}
            onFocus={(call) => onPoint(-1, call)}
          />
        </div>
      </div>
    </div>
  );
}
