/**
 * What the causes of a segment add to the reasons of its verdicts: why it was
 * sent again, and what it proves of others.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { Cause } from "../causes/cause.ts";
import { causeText, overtakenText, proofText } from "../causes/explain.ts";
import type { SegmentCauses } from "../causes/result.ts";
import type { CauseName, Reason } from "./reason.ts";

/** Their verdicts (`keep_alive`, `zero_window_probe`) have said it. */
const SAID: ReadonlySet<number> = new Set([Cause.KEEP_ALIVE, Cause.WINDOW_PROBE]);

/** Sentences for the fields `seqack.*` of a segment; none for most. */
export function causeReasons(c: SegmentCauses): readonly Reason[] {
  const found: Reason[] = [];
  const add = (name: CauseName, frame: number, words: Text | null): void => {
    if (words !== null) found.push({ name, kind: "cause", frame, text: asReason(name, words) });
  };
  if (!SAID.has(c.cause)) add("cause", c.triggerFrame, causeText(c));
  add("spurious", c.spuriousFrame, proofText(c));
  add("reordered_frame", c.reorderedFrame, overtakenText(c));
  return found;
}

/** As all reasons: no capital at the start, no full stop. A cause may contradict the verdict beside it: it says what it is. */
function asReason(name: CauseName, { en, zh }: Text): Text {
  const isAbbreviation = /^[A-Z]{2}/.test(en);
  const start = isAbbreviation ? en : en.charAt(0).toLowerCase() + en.slice(1);
  const label = name === "cause" ? text("cause: ", "起因：") : text("", "");
  return text(label.en + start.replace(/\.$/, ""), label.zh + zh.replace(/。$/, ""));
}
