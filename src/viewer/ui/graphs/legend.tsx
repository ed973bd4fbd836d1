/**
 * The series of a graph: what they look like and mean, how many points they have; each can be hidden.
 *
 * @module
 */
import type { VNode } from "preact";
import { STYLES } from "../../draw/graph/style.ts";
import { MARK_BASELINE, MARK_PATHS } from "../../draw/mark-shape.ts";
import type { SeriesName, SeriesShape } from "../../model/graph/graph.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import type { Stage } from "./stage.ts";

/** See the module. */
export function Legend({ app, stage }: { readonly app: App; readonly stage: Stage }): VNode {
  const { hidden } = stage.shown.value;
  const series = (stage.picture.value?.series ?? []).filter(({ total }) => total > 0);
  const toggle = (name: SeriesName): void =>
    stage.show({
      hidden: hidden.includes(name) ? hidden.filter((other) => other !== name) : [...hidden, name],
    });
  return (
    <div class="legend">
      {series.map(({ name, shape, total }) => (
        <button
          type="button"
          key={name}
          aria-pressed={!hidden.includes(name)}
          title={app.say(STYLES[name].meaning)}
          onClick={() => toggle(name)}
        >
          <Swatch name={name} shape={shape} />
          {app.say(STYLES[name].label)}
          <span class="quiet">{showCount(total)}</span>
        </button>
      ))}
    </div>
  );
}

function Swatch({
  name,
  shape,
}: {
  readonly name: SeriesName;
  readonly shape: SeriesShape;
}): VNode {
  const { color, dash, width } = STYLES[name];
  if (color === 0) {
    const [outline, tone, letter] =
      name === "control" ? (["square", "note", "S"] as const) : (["circle", "odd", "D"] as const);
    return (
      <svg class={`mark is-${tone}`} viewBox="0 0 16 16" aria-hidden="true">
        <path d={MARK_PATHS[outline]} />
        <text x="8" y={MARK_BASELINE[outline]} text-anchor="middle">
          {letter}
        </text>
      </svg>
    );
  }
  return (
    <svg class={`swatch series-${color}`} viewBox="0 0 22 12" aria-hidden="true">
      {shape === "steps" ? (
        <path d="M0 9H9V3H22" stroke-width={width + 0.5} stroke-dasharray={dash?.join(" ")} />
      ) : shape === "bars" ? (
        <path d="M5 11V6M11 8V3M17 5V0" stroke-width={width} />
      ) : (
        <path d="M3 8h3M9 4h3M15 6h3" stroke-width={3} />
      )}
    </svg>
  );
}
