/**
 * The selected conversation in plain words, and what was found in it.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { signal } from "@preact/signals";
import type { Section, Story } from "../../../analysis/story.ts";
import { text } from "../../../base/lang.ts";
import type { App } from "../app.ts";
import { FindingCard } from "../findings/card.tsx";
import type { PointedFrames } from "../frame-refs.tsx";
import { useAnswer, useFindings } from "../use-answer.ts";
import { OUTCOMES, SaidSentence } from "./sentence.tsx";

/** Sentences of a section that are shown at most: the longest stories there are have some fifty. */
const MAX_SENTENCES = 500;

/** See the module. */
export function StoryView({ app }: { readonly app: App }): VNode {
  const stream = app.stream.value ?? 0;
  const { answer: story, isAsking } = useAnswer(app, "story", { stream });
  const pointed: PointedFrames = useMemo(() => signal(null), [stream]);
  const column = useRef<HTMLDivElement>(null);
  const frame = app.frame.value;
  useEffect(() => {
    const here = [
      ...(column.current?.querySelectorAll(".sentence.is-here, .finding.is-here") ?? []),
    ];
    if (!here.some(isSeen)) here[0]?.scrollIntoView({ block: "center" });
  }, [frame, story !== null]);
  if (story === null) return isAsking ? <Waiting /> : <NoSuch app={app} />;
  return (
    <div
      class="story-view"
      ref={column}
      tabIndex={0}
      role="group"
      aria-label={app.say(text("Story", "讲述"))}
    >
      <article class="story">
        <header>
          <h2>
            {app.say(text(`Connection ${story.stream}`, `连接 ${story.stream}`))}
            <span class={`outcome is-${story.outcome}`}>{app.say(OUTCOMES[story.outcome])}</span>
          </h2>
          <p class="story-ends">
            <span class="is-client">{story.client}</span> →{" "}
            <span class="is-server">{story.server}</span>
          </p>
        </header>
        {story.sections.map((section) => (
          <StorySection key={section.kind} app={app} section={section} pointed={pointed} />
        ))}
      </article>
      <Found app={app} story={story} pointed={pointed} />
    </div>
  );
}

function isSeen(element: Element): boolean {
  const pane = element.closest(".story-view")?.getBoundingClientRect();
  const { top, bottom } = element.getBoundingClientRect();
  return pane !== undefined && top >= pane.top && bottom <= pane.bottom;
}

function StorySection(props: {
  readonly app: App;
  readonly section: Section;
  readonly pointed: PointedFrames;
}): VNode {
  const { app, section, pointed } = props;
  const said = section.sentences.slice(0, MAX_SENTENCES);
  const left = section.sentences.length - said.length;
  return (
    <section class={`story-section is-${section.kind}`}>
      <h3>{app.say(section.title)}</h3>
      {said.map((sentence, i) => (
        <SaidSentence key={i} app={app} sentence={sentence} pointed={pointed} />
      ))}
      {left === 0 ? null : (
        <p class="quiet">{app.say(text(`… and ${left} more`, `……还有 ${left} 句`))}</p>
      )}
    </section>
  );
}

/** What was found in this connection, beside its story. */
function Found(props: {
  readonly app: App;
  readonly story: Story;
  readonly pointed: PointedFrames;
}): VNode {
  const { app, story, pointed } = props;
  const answer = useFindings(app, story.stream);
  const here = answer?.findings ?? [];
  return (
    <aside class="story-found" aria-label={app.say(text("Findings", "发现"))}>
      <h3>{app.say(text("Worth knowing", "值得注意"))}</h3>
      {answer === null ? (
        <p class="quiet">{app.say(text("Looking …", "正在检查……"))}</p>
      ) : here.length === 0 ? (
        <p class="quiet">
          {app.say(text("Nothing was found in this connection.", "这条连接里没有发现问题。"))}
        </p>
      ) : (
        here.map((finding, i) => (
          <FindingCard key={i} app={app} finding={finding} pointed={pointed} isNamed={false} />
        ))
      )}
    </aside>
  );
}

function NoSuch({ app }: { readonly app: App }): VNode {
  const words = text("There is no such connection in this recording.", "这份记录里没有这条连接。");
  return <p class="empty-note">{app.say(words)}</p>;
}

function Waiting(): VNode {
  return (
    <div class="skeleton" aria-hidden="true">
      {Array.from({ length: 8 }, (_, i) => (
        <span key={i} />
      ))}
    </div>
  );
}
