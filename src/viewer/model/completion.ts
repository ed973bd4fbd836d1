/**
 * Completes the word of a display filter that the caret is in.
 *
 * @module
 */
import { FIELDS } from "../../analysis/fields/registry.ts";

/** What the word could become. */
export interface Completion {
  /** The word, `[from, to)` of the text. */
  readonly from: number;
  readonly to: number;
  readonly names: readonly string[];
}

/** The list scrolls; all verdicts have room. */
const MAX_NAMES = 60;

/** The names that go on as the word before the caret does; none when the word is whole already. Fewest dots first. */
export function complete(text: string, caret: number): Completion {
  const from = caret - (/[\w.]*$/.exec(text.slice(0, caret))?.[0].length ?? 0);
  const to = caret + (/^[\w.]*/.exec(text.slice(caret))?.[0].length ?? 0);
  const word = text.slice(from, caret).toLowerCase();
  const none = { from, to, names: [] };
  if (word.length < 2 || /^\d/.test(word)) return none;
  const dotsOf = (name: string): number => name.slice(word.length).split(".").length;
  const names = FIELDS.map((field) => field.name)
    .filter((name) => name.startsWith(word))
    .toSorted((a, b) => dotsOf(a) - dotsOf(b));
  return names.length === 1 && names[0] === word
    ? none
    : { from, to, names: names.slice(0, MAX_NAMES) };
}
