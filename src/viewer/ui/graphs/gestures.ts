/**
 * Wheel, drag and click on a graph.
 *
 * @module
 */
import { Scale } from "../../draw/graph/scale.ts";
import type { Pointer } from "./crosshair.tsx";
import { pointAt } from "./crosshair.tsx";
import type { Stage } from "./stage.ts";

/** A notch of a wheel is 100 pixels: a quarter nearer. */
const WHEEL = 0.0028;
const LINE_PIXELS = 16;
/** A drag that moved less is a click. */
const CLICK = 4;
/** Values follow a drag once it went so far up or down: a level one moves time alone. */
const VALUES_FROM = 18;

/** @returns What ends it. */
export function onWheel(element: HTMLElement, stage: Stage): () => void {
  const listener = (e: WheelEvent): void => {
    const { view } = stage;
    if (view === null || e.ctrlKey) return;
    e.preventDefault();
    const { box } = new Scale(view);
    const { left, top } = element.getBoundingClientRect();
    const unit = e.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PIXELS : 1;
    const [across, down] = [
      (e.clientX - left - box.left) / box.width,
      (e.clientY - top - box.top) / box.height,
    ];
    // A browser turns the wheel sideways while Shift is held.
    const turn = (e.shiftKey && e.deltaY === 0 ? e.deltaX : e.deltaY) * unit;
    // Beside the picture, over the values, it is they that are meant.
    if (e.shiftKey || across < 0) stage.zoomValues(Math.exp(turn * WHEEL), 1 - down);
    else if (Math.abs(e.deltaX) > Math.abs(e.deltaY)) stage.panTimes((e.deltaX * unit) / box.width);
    else stage.zoomTimes(Math.exp(turn * WHEEL), across);
  };
  element.addEventListener("wheel", listener, { passive: false });
  return () => element.removeEventListener("wheel", listener);
}

/** Tells where the pointer is; `null` when it has left. @returns What ends it. */
export function onDrag(
  element: HTMLElement,
  stage: Stage,
  tell: (pointer: Pointer | null) => void,
): () => void {
  let start: Start | null = null;
  const placeOf = (e: PointerEvent | MouseEvent): Pointer => {
    const { left, top } = element.getBoundingClientRect();
    return { x: e.clientX - left, y: e.clientY - top, box: null };
  };
  const listeners = {
    pointerdown(e: PointerEvent): void {
      const { view } = stage;
      if (view === null || e.button !== 0) return;
      start = { ...placeOf(e), view, isBox: e.shiftKey, isClick: true, movesValues: false };
      element.setPointerCapture(e.pointerId);
    },
    pointermove(e: PointerEvent): void {
      const place = placeOf(e);
      if (start !== null) start = dragged(stage, start, place);
      tell(start === null || start.isClick || !start.isBox ? place : { ...place, box: start });
    },
    pointerup(e: PointerEvent): void {
      const place = placeOf(e);
      if (start?.isClick === true) void select(stage, place);
      else if (start?.isBox === true) lookAtBox(stage, start, place);
      start = null;
      tell(place);
    },
    pointercancel(): void {
      start = null;
    },
    pointerleave(): void {
      if (start === null) tell(null);
    },
    dblclick(): void {
      stage.fit();
    },
  };
  for (const [name, listener] of Object.entries(listeners)) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each is named after its event
    element.addEventListener(name, listener as EventListener);
  }
  return () => {
    for (const [name, listener] of Object.entries(listeners)) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- each is named after its event
      element.removeEventListener(name, listener as EventListener);
    }
  };
}

interface Start {
  readonly x: number;
  readonly y: number;
  readonly view: NonNullable<Stage["view"]>;
  readonly isBox: boolean;
  readonly isClick: boolean;
  readonly movesValues: boolean;
}

function dragged(stage: Stage, start: Start, { x, y }: Pointer): Start {
  const [dx, dy] = [x - start.x, y - start.y];
  if (start.isClick && Math.hypot(dx, dy) < CLICK) return start;
  const movesValues = start.movesValues || Math.abs(dy) > VALUES_FROM;
  const next = { ...start, isClick: false, movesValues };
  if (start.isBox) return next;
  const { view } = start;
  const { perX, perY } = new Scale(view);
  const times = [view.times[0] - dx * perX, view.times[1] - dx * perX] as const;
  const values = [view.values[0] + dy * perY, view.values[1] + dy * perY] as const;
  stage.lookAt(times, movesValues ? values : null);
  return next;
}

function lookAtBox(stage: Stage, { x, y, view }: Start, end: Pointer): void {
  const scale = new Scale(view);
  const [left, right] = [Math.min(x, end.x), Math.max(x, end.x)];
  const [top, bottom] = [Math.min(y, end.y), Math.max(y, end.y)];
  stage.lookAt(
    [scale.timeAt(left), scale.timeAt(right)],
    bottom - top < CLICK ? null : [scale.valueAt(bottom), scale.valueAt(top)],
  );
}

async function select(stage: Stage, place: Pointer): Promise<void> {
  const point = await pointAt(stage, place);
  if (point?.segment !== null && point !== null) stage.app.select(point.segment.frame);
}
