/**
 * What somebody should know about the recording: errors first, each with its segments.
 *
 * @module
 */
import type { VNode } from "preact";
import { useMemo, useState } from "preact/hooks";
import { signal } from "@preact/signals";
import { SEVERITIES, type Severity } from "../../../analysis/findings/catalogue.ts";
import type { FindingsReport } from "../../../analysis/findings/finding.ts";
import { text, type Text } from "../../../base/lang.ts";
import { showCount, showSpan } from "../../model/show.ts";
import type { App } from "../app.ts";
import { useActions } from "../use-actions.ts";
import type { PointedFrames } from "../frame-refs.tsx";
import { useFindings } from "../use-answer.ts";
import { FindingCard, SEVERITY_WORDS, SeverityChip } from "./card.tsx";

/** Cards drawn at first, and by each further click. */
const CARDS = 60;

/** See the module. */
export function FindingsView({ app }: { readonly app: App }): VNode {
  const report = useFindings(app, null);
  const pointed: PointedFrames = useMemo(() => signal(null), []);
  const only = SEVERITIES.find((severity) => severity === app.show.value) ?? null;
  const [limit, setLimit] = useState(CARDS);
  // Here they are those of all connections.
  useActions(app, (action) => {
    if (action !== "next-finding" && action !== "previous-finding") return false;
    void app.nextFinding(action === "next-finding" ? 1 : -1, null);
    return true;
  });
  if (report === null) {
    return (
      <p class="empty-note" role="status">
        {app.say(text("Looking at every connection …", "正在检查每一条连接……"))}
      </p>
    );
  }
  const wanted = report.findings.filter(({ severity }) => only === null || severity === only);
  const shown = wanted.slice(0, limit);
  const dropped = report.more.filter(({ severity }) => only === null || severity === only);
  return (
    <div class="view-column">
      <div class="tools finding-tools">
        {SEVERITIES.map((severity) => (
          <button
            type="button"
            key={severity}
            class={only === severity ? "switch is-on" : "switch"}
            aria-pressed={only === severity}
            onClick={() => (app.show.value = only === severity ? "" : severity)}
          >
            <SeverityChip app={app} severity={severity} /> {showCount(countOf(report, severity))}
          </button>
        ))}
        <span class="quiet">{app.say(lookedAt(report))}</span>
      </div>
      <div
        class="finding-list"
        tabIndex={0}
        role="group"
        aria-label={app.say(text("Findings", "发现"))}
      >
        {report.findings.length === 0 ? (
          <p class="empty-note">
            {app.say(text("Nothing was found: all is well.", "没有发现问题，一切正常。"))}
          </p>
        ) : null}
        {shown.map((finding, i) => (
          <FindingCard key={i} app={app} finding={finding} pointed={pointed} isNamed />
        ))}
        {shown.length < wanted.length ? (
          <button type="button" class="primary" onClick={() => setLimit(limit + CARDS)}>
            {app.say(moreOf(wanted.length - shown.length))}
          </button>
        ) : null}
        {dropped.length === 0 ? null : (
          <ul class="quiet">
            {dropped.map(({ id, severity, count }) => (
              <li key={`${id} ${severity}`}>
                <code>{id}</code> ({app.say(SEVERITY_WORDS[severity])}):{" "}
                {app.say(
                  text(`${showCount(count)} more not kept`, `另有 ${showCount(count)} 处未保留`),
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function moreOf(n: number): Text {
  return text(`Show more (${showCount(n)} left)`, `继续显示（还有 ${showCount(n)} 处）`);
}

function countOf({ findings, more }: FindingsReport, severity: Severity): number {
  const kept = findings.filter((finding) => finding.severity === severity).length;
  const dropped = more.filter((kind) => kind.severity === severity);
  return dropped.reduce((sum, { count }) => sum + count, kept);
}

function lookedAt({ looked }: FindingsReport): Text {
  const [n, m] = [showCount(looked.connections), showCount(looked.segments)];
  const span = showSpan(looked.spanNs);
  return text(
    `in ${n} connection${looked.connections === 1 ? "" : "s"}, ${m} segments, ${span}`,
    `检查了 ${n} 条连接、${m} 个报文段，历时 ${span}`,
  );
}
