/**
 * The views, in the order of the navigation. To add one: a folder beside this file, and a line here.
 *
 * @module
 */
import type { FunctionComponent } from "preact";
import { text, type Text } from "../../base/lang.ts";
import type { App } from "./app.ts";
import { BytesView } from "./bytes/bytes.tsx";
import { ConversationsView } from "./conversations/conversations.tsx";
import { FindingsView } from "./findings/findings.tsx";
import { GraphsView } from "./graphs/graphs.tsx";
import { HeaderView } from "./header/header.tsx";
import { LadderView } from "./ladder/ladder.tsx";
import { SegmentsView } from "./segments/segments.tsx";
import { StatesView } from "./states/states.tsx";
import { StoryView } from "./story/story.tsx";

/** One view. */
export interface View {
  /** In the address: letters only. */
  readonly name: string;
  readonly title: Text;
  /** What must be selected for it to show anything; the shell says so where it is not. */
  readonly needs: "recording" | "stream" | "frame";
  readonly component: FunctionComponent<{ readonly app: App }>;
}

/** All of them; the first is shown unless the address names another. */
export const VIEWS: readonly View[] = [
  {
    name: "segments",
    title: text("Segments", "报文段"),
    needs: "recording",
    component: SegmentsView,
  },
  {
    name: "conversations",
    title: text("Conversations", "连接"),
    needs: "recording",
    component: ConversationsView,
  },
  { name: "ladder", title: text("Ladder", "梯形图"), needs: "stream", component: LadderView },
  { name: "states", title: text("States", "状态"), needs: "stream", component: StatesView },
  { name: "graphs", title: text("Graphs", "曲线图"), needs: "stream", component: GraphsView },
  { name: "header", title: text("Header", "首部"), needs: "frame", component: HeaderView },
  { name: "bytes", title: text("Bytes", "字节流"), needs: "stream", component: BytesView },
  { name: "story", title: text("Story", "讲述"), needs: "stream", component: StoryView },
  {
    name: "findings",
    title: text("Findings", "发现"),
    needs: "recording",
    component: FindingsView,
  },
];

/** The view with that name, else the first. */
export function viewNamed(name: string): View {
  return VIEWS.find((view) => view.name === name) ?? VIEWS[0]!;
}
