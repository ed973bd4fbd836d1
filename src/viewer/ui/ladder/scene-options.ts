/**
 * What a picture of a ladder needs of the page: language, times as they are shown, what is looked at.
 *
 * @module
 */
import { DAY, isLong, showLong } from "../../draw/long-times.ts";
import type { SceneOptions } from "../../draw/ladder/scene.ts";
import type { Ladder } from "../../model/ladder.ts";
import { showClock, showSeconds } from "../../model/show.ts";
import type { TimeRange } from "../../model/time-range.ts";
import type { App } from "../app.ts";
import { dayOf } from "../day.ts";

/** Puts them together. */
export function sceneOptions(
  app: App,
  ladder: Ladder,
  look: {
    readonly selected: number;
    readonly pointed: number;
    readonly pointedCall: number;
    readonly height: number;
    readonly range: TimeRange;
  },
): SceneOptions {
  const { selected, pointed, pointedCall, height, range } = look;
  const mode = app.time.value;
  const epoch = app.progress.value?.epoch ?? 0n;
  const { time } = ladder;
  return {
    lang: app.lang.value,
    selected,
    pointed,
    pointedCall,
    height,
    timeName: { relative: "s", delta: "Δ s", absolute: "UTC" }[mode],
    timeOf: (index) => {
      const now = time[index]!;
      if (mode === "absolute") return showClock(epoch, now);
      return showSeconds(mode === "delta" ? now - (time[index - 1] ?? now) : now);
    },
    // A tick tells as many digits as differ.
    tickOf: (ns, step) => {
      const digits = digitsOf(range);
      if (mode !== "absolute" && isLong(step)) return showLong(ns, step);
      // From a day on a tick tells its date.
      const day = step < DAY ? "" : dayOf(epoch + BigInt(Math.round(ns)));
      if (mode === "absolute" && day !== "") return day;
      if (mode !== "absolute") return `${(ns / 1e9).toFixed(digits)} s`;
      return showClock(epoch, ns).slice(0, CLOCK_SECONDS + (digits === 0 ? 0 : 1 + digits));
    },
  };
}

/** Letters of `"11:48:30"`. */
const CLOCK_SECONDS = 8;

function digitsOf([from, to]: TimeRange): number {
  return Math.max(0, Math.min(9, 2 - Math.floor(Math.log10((to - from) / 1e9))));
}
