/**
 * Two lines through the pointer, and what is under it in words.
 *
 * @module
 */
import type { ReadonlySignal } from "@preact/signals";
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { Scale } from "../../draw/graph/scale.ts";
import { GRAPHS } from "../../draw/graph/style.ts";
import { labelBy } from "../../draw/graph/ticks.ts";
import type { GraphPoint } from "../../model/graph/graph.ts";
import { showClock, showSeconds } from "../../model/show.ts";
import type { App } from "../app.ts";
import type { Stage } from "./stage.ts";
import { pointWords, rateWords } from "./words.ts";

/** Pixels from the corner of the picture. */
export interface Pointer {
  readonly x: number;
  readonly y: number;
  /** Where a box that is drawn began. */
  readonly box: { readonly x: number; readonly y: number } | null;
}

/** The point that a pointer means; `null`: none is near. */
export async function pointAt(stage: Stage, { x, y }: Pointer): Promise<GraphPoint | null> {
  const { view, of } = stage;
  if (view === null || of === null) return null;
  const scale = new Scale(view);
  const { perX, perY } = scale;
  const place = { time: scale.timeAt(x), value: scale.valueAt(y), perX, perY };
  return await stage.app.client.ask("graphNear", { ...of, ...place, hidden: view.hidden });
}

/** Pixels that a pointer may go on from where it was asked about: further off the answer is about somewhere else. */
const SAME = 16;

/** The point under the pointer; asked for one after the other, the latest wins. */
function usePoint(stage: Stage, pointer: Pointer, view: string): GraphPoint | null {
  const [{ point, at }, setFound] = useState<Found>({ point: null, at: pointer });
  const latest = useRef(pointer);
  const isAsking = useRef(false);
  latest.current = pointer;
  useEffect(() => {
    const ask = async (): Promise<void> => {
      if (isAsking.current) return;
      isAsking.current = true;
      const asked = latest.current;
      setFound({ point: await pointAt(stage, asked), at: asked });
      isAsking.current = false;
      if (latest.current !== asked) await ask();
    };
    void ask();
  }, [pointer, view]);
  return Math.hypot(pointer.x - at.x, pointer.y - at.y) > SAME ? null : point;
}

interface Found {
  readonly point: GraphPoint | null;
  readonly at: Pointer;
}

/** Beside the pointer, where there is room. */
const APART = 14;
const WIDE = 300;
const HIGH = 110;

interface Props<P> {
  readonly app: App;
  readonly stage: Stage;
  readonly pointer: P;
  readonly scale: Scale;
}

/** See the module. */
export function Crosshair(props: Props<ReadonlySignal<Pointer | null>>): VNode | null {
  const pointer = props.pointer.value;
  return pointer === null ? null : <Lines {...props} pointer={pointer} />;
}

function Lines(props: Props<Pointer>): VNode | null {
  const { app, stage, pointer, scale } = props;
  const { box } = scale;
  const point = usePoint(stage, pointer, `${scale.timeAt(0)} ${scale.perX} ${scale.valueAt(0)}`);
  const { kind } = stage.shown.value;
  const { x, y } = pointer;
  const isInside =
    x >= box.left && x <= box.left + box.width && y >= box.top && y <= box.top + box.height;
  if (!isInside) return null;
  const time = scale.timeAt(x);
  const value = scale.valueAt(y);
  const atX = point === null ? x : scale.x(point.time);
  const atY = point === null ? y : Math.min(Math.max(y, scale.y(point.hi)), scale.y(point.lo));
  const isRight = x + WIDE + APART > box.left + box.width && x > box.left + box.width / 2;
  const isLow = y + HIGH > box.top + box.height && y > HIGH;
  const graph = stage.picture.value;
  const words =
    point !== null
      ? pointWords(kind, point)
      : graph === null
        ? null
        : rateWords(graph, stage.shown.value.hidden, time);
  const epoch = app.progress.value?.epoch ?? 0n;
  const clock = app.time.value === "absolute" ? ` · ${showClock(epoch, time)} UTC` : "";
  return (
    <div class="crosshair" aria-hidden="true">
      <i class="across" style={{ left: `${box.left}px`, width: `${box.width}px`, top: `${y}px` }} />
      <i class="up" style={{ top: `${box.top}px`, height: `${box.height}px`, left: `${x}px` }} />
      {point === null ? null : <i class="hit" style={{ left: `${atX}px`, top: `${atY}px` }} />}
      {pointer.box === null ? null : <Box pointer={pointer} start={pointer.box} />}
      <div
        class="read-out"
        style={{
          [isRight ? "right" : "left"]: `${isRight ? stage.width.value - x + APART : x + APART}px`,
          ...(isLow
            ? { bottom: `${stage.height.value - y + APART}px` }
            : { top: `${Math.max(0, Math.min(y + APART, stage.height.value - HIGH))}px` }),
        }}
      >
        {words === null ? null : (
          <>
            <b>{app.say(words.head)}</b>
            {words.lines.map((line, i) => (
              <span key={i}>{app.say(line)}</span>
            ))}
          </>
        )}
        {words !== null ? null : (
          <span class="quiet">
            {showSeconds(time)} s{clock} ·{" "}
            {labelBy(Math.abs(value), scale.perY, GRAPHS[kind].unit)(value)}
          </span>
        )}
      </div>
    </div>
  );
}

function Box({
  pointer,
  start,
}: {
  readonly pointer: Pointer;
  readonly start: { readonly x: number; readonly y: number };
}): VNode {
  return (
    <i
      class="zoom-box"
      style={{
        left: `${Math.min(pointer.x, start.x)}px`,
        top: `${Math.min(pointer.y, start.y)}px`,
        width: `${Math.abs(pointer.x - start.x)}px`,
        height: `${Math.abs(pointer.y - start.y)}px`,
      }}
    />
  );
}
