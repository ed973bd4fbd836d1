/**
 * One finding: what happened, why, what to do, and the segments it rests on.
 *
 * @module
 */
import type { VNode } from "preact";
import type { Severity } from "../../../analysis/findings/catalogue.ts";
import type { Finding } from "../../../analysis/findings/finding.ts";
import { text, type Text } from "../../../base/lang.ts";
import type { App } from "../app.ts";
import { FrameRefs, namesAny, type PointedFrames } from "../frame-refs.tsx";

/** What a severity is called, and how it is marked beside its colour. */
export const SEVERITY_WORDS: Readonly<Record<Severity, Text>> = {
  error: text("error", "错误"),
  warning: text("warning", "警告"),
  note: text("note", "提示"),
};
const SIGNS: Readonly<Record<Severity, string>> = { error: "✕", warning: "!", note: "i" };
const TONES: Readonly<Record<Severity, string>> = { error: "bad", warning: "odd", note: "note" };

/** The severity as a chip. */
export function SeverityChip(props: { readonly app: App; readonly severity: Severity }): VNode {
  const { app, severity } = props;
  return (
    <span class={`chip severity is-${TONES[severity]}`}>
      <b aria-hidden="true">{SIGNS[severity]}</b>
      {app.say(SEVERITY_WORDS[severity])}
    </span>
  );
}

/** See the module. */
export function FindingCard(props: {
  readonly app: App;
  readonly finding: Finding;
  readonly pointed: PointedFrames;
  /** Whether the card says which connection it is about. */
  readonly isNamed: boolean;
}): VNode {
  const { app, finding, pointed, isNamed } = props;
  const { frames } = finding.evidence;
  const frame = app.frame.value;
  const isHere = frame !== null && frames.includes(frame);
  const isPointed = namesAny(frames, pointed.value);
  const why =
    finding.certainty === "certain" ? text("Why", "原因") : text("Why, probably", "可能的原因");
  return (
    <section class={`finding${isHere ? " is-here" : ""}${isPointed ? " is-pointed" : ""}`}>
      <h4>
        <SeverityChip app={app} severity={finding.severity} />
        <code>{finding.id}</code>
      </h4>
      {isNamed ? <Where app={app} finding={finding} /> : null}
      <p>
        <span class="said">{app.say(finding.sentence)}</span>{" "}
        <FrameRefs app={app} frames={frames} pointed={pointed} />
      </p>
      <dl>
        <dt>{app.say(why)}</dt>
        <dd>{app.say(finding.cause)}</dd>
        <dt>{app.say(text("What to do", "建议"))}</dt>
        <dd>{app.say(finding.advice)}</dd>
      </dl>
    </section>
  );
}

function Where({ app, finding }: { readonly app: App; readonly finding: Finding }): VNode | null {
  const { stream, client, server, evidence } = finding;
  if (stream === null) {
    return <p class="quiet">{app.say(text("The whole capture", "整份抓包"))}</p>;
  }
  const name = text(`Connection ${stream}`, `连接 ${stream}`);
  return (
    <p class="finding-where">
      <button
        type="button"
        class="frame-link"
        onClick={() => app.selectStream(stream, evidence.frames[0] ?? null)}
      >
        {app.say(name)}
      </button>{" "}
      <span class="is-client">{client}</span> → <span class="is-server">{server}</span>
    </p>
  );
}
