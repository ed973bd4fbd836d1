/**
 * Sentences in the two languages that seqack speaks.
 *
 * A sentence is a {@link Text}: both languages side by side, so that one
 * without the other does not compile. Field names, flags, states and keys are
 * never translated.
 *
 * @module
 */

/** A language seqack speaks. */
export type Lang = "en" | "zh";

/** One sentence, or part of one, in every language. */
export type Text = Readonly<Record<Lang, string>>;

/** Puts the two languages of one sentence together. */
export function text(en: string, zh: string): Text {
  return { en, zh };
}

/** Joins sentences: with a space in English, without one in Chinese. */
export function joinTexts(parts: readonly Text[]): Text {
  return { en: parts.map((p) => p.en).join(" "), zh: parts.map((p) => p.zh).join("") };
}
