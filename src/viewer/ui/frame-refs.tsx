/**
 * Frames that a sentence names: each selects its segment.
 *
 * @module
 */
import type { VNode } from "preact";
import { useState } from "preact/hooks";
import type { Signal } from "@preact/signals";
import { text } from "../../base/lang.ts";
import { type FrameGroup, frameGroups, showGroup } from "../model/frame-groups.ts";
import { showCount } from "../model/show.ts";
import type { App } from "./app.ts";

/** The frames under the pointer; what names one of them is marked. */
export type PointedFrames = Signal<FrameGroup | null>;

/** Groups shown at first, and at most. */
const FEW = 6;
const MANY = 200;

/** See the module. */
export function FrameRefs(props: {
  readonly app: App;
  readonly frames: readonly number[];
  readonly pointed: PointedFrames;
}): VNode | null {
  const { app, frames, pointed } = props;
  const [isOpen, open] = useState(false);
  const groups = frameGroups(frames);
  if (groups.length === 0) return null;
  const shown = groups.slice(0, isOpen ? MANY : FEW);
  const left = groups.length - shown.length;
  const here = app.frame.value;
  return (
    <span class="frame-refs">
      {shown.map((group) => {
        const [from, to] = group;
        const isHere = here !== null && from <= here && here <= to;
        return (
          <button
            type="button"
            key={from}
            class={isHere ? "frame-link is-here" : "frame-link"}
            aria-pressed={isHere}
            title={app.say(labelOf(group))}
            onClick={(e) => {
              e.stopPropagation();
              app.select(from);
            }}
            onMouseEnter={() => (pointed.value = group)}
            onMouseLeave={() => (pointed.value = null)}
          >
            {showGroup(group)}
          </button>
        );
      })}
      {left > 0 && !isOpen ? (
        <button type="button" class="frame-link" onClick={() => open(true)}>
          {app.say(text(`+${showCount(left)} more`, `另有 ${showCount(left)} 处`))}
        </button>
      ) : null}
      {left > 0 && isOpen ? <span class="quiet">… +{showCount(left)}</span> : null}
    </span>
  );
}

function labelOf([from, to]: FrameGroup): ReturnType<typeof text> {
  return from === to
    ? text(`frame ${from}`, `第 ${from} 帧`)
    : text(`frames ${from} to ${to}`, `第 ${from} 到 ${to} 帧`);
}

/** Whether `frames` holds the frame, or one of the group. */
export function namesAny(frames: readonly number[], group: FrameGroup | null): boolean {
  return group !== null && frames.some((frame) => group[0] <= frame && frame <= group[1]);
}
