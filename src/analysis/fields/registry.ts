/**
 * All fields by name.
 *
 * @module
 */
import type { Field } from "./field.ts";
import { FRAME_FIELDS } from "./frame-fields.ts";
import { IP_FIELDS } from "./ip-fields.ts";
import { LINK_FIELDS } from "./link-fields.ts";
import { SEQACK_FIELDS } from "./seqack-fields.ts";
import { STACK_FIELDS } from "./stack-fields.ts";
import { TCP_ANALYSIS_FIELDS } from "./tcp-analysis-fields.ts";
import { TCP_FIELDS } from "./tcp-fields.ts";
import { TCP_OPTION_FIELDS } from "./tcp-option-fields.ts";

/** Every field, in the order of the headers. */
export const FIELDS: readonly Field[] = [
  ...FRAME_FIELDS,
  ...LINK_FIELDS,
  ...IP_FIELDS,
  ...[...TCP_FIELDS, ...TCP_OPTION_FIELDS, ...TCP_ANALYSIS_FIELDS].map(ofEachSample),
  ...SEQACK_FIELDS,
  ...STACK_FIELDS,
];

/** The field, of each frame that a frame tells of when it does. */
function ofEachSample(field: Field): Field {
  return {
    ...field,
    read(frame, out) {
      if (frame.samples.length === 0) return field.read(frame, out);
      for (const sample of frame.samples) field.read(sample, out);
    },
  };
}

const BY_NAME: ReadonlyMap<string, Field> = new Map(FIELDS.map((field) => [field.name, field]));

/** The field called `name`, or `null`. */
export function findField(name: string): Field | null {
  return BY_NAME.get(name) ?? null;
}

/** Names shown for one that is not known. */
const SUGGESTIONS = 3;
/** Longer than any name: not compared. */
const MAX_NAME = 64;

/** The names of fields most like `name`, the likeliest first; none when nothing is like it. */
export function nearestFields(name: string): readonly string[] {
  if (name.length > MAX_NAME) return [];
  const limit = Math.max(2, Math.floor(name.length / 3));
  return FIELDS.map((field) => ({ name: field.name, cost: costOf(name, field.name) }))
    .filter(({ cost }) => cost <= limit)
    .toSorted((a, b) => a.cost - b.cost || (a.name < b.name ? -1 : 1))
    .slice(0, SUGGESTIONS)
    .map((field) => field.name);
}

/** What it takes to make `to` of `from`; little when one begins with the other, or `to` ends with `from`. */
function costOf(from: string, to: string): number {
  const cost = editDistance(from.toLowerCase(), to);
  const isPart = to.includes(".") && (to.startsWith(from) || from.startsWith(to));
  return isPart || to.endsWith(`.${from}`) ? Math.min(1, cost) : cost;
}

/** Characters to insert, delete or replace (Levenshtein). */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replace = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replace, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
