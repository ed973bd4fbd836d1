/**
 * Verdicts as they are marked everywhere: letter, shape and colour.
 *
 * @module
 */
import type { VNode } from "preact";
import { MARK_BASELINE, MARK_PATHS } from "../draw/mark-shape.ts";
import type { Mark } from "../model/marks.ts";
import { showCount } from "../model/show.ts";
import type { App } from "./app.ts";

/** The mark alone; its name is read aloud and shown on hover. */
export function MarkIcon({ app, mark }: { readonly app: App; readonly mark: Mark }): VNode {
  const title = `${mark.name}: ${app.say(mark.label)}`;
  return (
    <svg class={`mark is-${mark.tone}`} viewBox="0 0 16 16" role="img" aria-label={title}>
      <title>{title}</title>
      <path d={MARK_PATHS[mark.shape]} />
      <text x="8" y={MARK_BASELINE[mark.shape]} text-anchor="middle">
        {mark.letter}
      </text>
    </svg>
  );
}

/** The mark with its name. */
export function MarkChip(props: {
  readonly app: App;
  readonly mark: Mark;
  readonly count?: number;
}): VNode {
  const { app, mark, count } = props;
  return (
    <span class={`chip is-${mark.tone}`} title={app.say(mark.label)}>
      <MarkIcon app={app} mark={mark} />
      <span class="chip-name">{mark.name}</span>
      {count === undefined ? null : <b>{showCount(count)}</b>}
    </span>
  );
}
