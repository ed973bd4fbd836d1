/**
 * What can be done with a byte stream: direction, reading, lanes, finding, saving.
 *
 * @module
 */
import type { VNode } from "preact";
import { useRef, useState } from "preact/hooks";
import { text, type Text } from "../../../base/lang.ts";
import { type Lane, LANES } from "../../model/address.ts";
import type { ByteView } from "../../model/bytes/byte-streams.ts";
import type { BytesAs } from "../../model/bytes/cells.ts";
import type { DirectionSums } from "../../model/bytes/direction.ts";
import { patternOf } from "../../model/bytes/pattern.ts";
import { showBytes, showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { Icon } from "../shell/icon.tsx";
import type { MarkedBytes } from "./row.tsx";
import { saveBytes } from "./save.ts";

const COPY = text("Copy", "复制");
const COPY_WHAT = text("Choose bytes to copy or save", "选择要复制或保存的字节");
const SAVE = text("Save", "保存");
const SAVE_WHAT = text("Save the whole direction as a file", "把整个方向存成文件");

/** Ways to read a stream, in the order of the switch. */
const READINGS: readonly (readonly [BytesAs, string, Text])[] = [
  ["utf8", "UTF-8", text("as UTF-8 text", "按 UTF-8 文本显示")],
  [
    "latin1",
    "Latin-1",
    text("as Latin-1 text: every byte a character", "按 Latin-1 文本显示：每字节一个字符"),
  ],
  ["hex", "Hex", text("as hex", "按十六进制显示")],
];

type Found = MarkedBytes & { readonly row: number };

interface Props {
  readonly app: App;
  readonly view: ByteView;
  readonly sums: readonly [DirectionSums, DirectionSums];
  readonly sum: DirectionSums;
  readonly has: Readonly<Record<Lane, boolean>>;
  readonly found: Found | null;
  readonly setFound: (found: Found | null) => void;
  readonly isCopyOpen: boolean;
  readonly onCopy: () => void;
}

/** See the module. */
export function ByteTools(props: Props): VNode {
  const { app, view, sums, sum, has } = props;
  const { hidden } = app.bytes.value;
  return (
    <div class="tools byte-tools">
      <Directions app={app} view={view} sums={sums} />
      <div class="switches" role="group" aria-label={app.say(text("Shown as", "显示方式"))}>
        {READINGS.map(([as, name, what]) => (
          <button
            type="button"
            key={as}
            class={view.as === as ? "switch is-on" : "switch"}
            aria-pressed={view.as === as}
            title={app.say(what)}
            onClick={() => (app.bytes.value = { ...app.bytes.value, as })}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="switches" role="group" aria-label={app.say(text("Boundaries", "边界"))}>
        {LANES.filter((lane) => has[lane]).map((lane) => {
          const isOn = !hidden.includes(lane);
          return (
            <button
              type="button"
              key={lane}
              class={isOn ? "switch is-on" : "switch"}
              aria-pressed={isOn}
              onClick={() => {
                const next = isOn ? [...hidden, lane] : hidden.filter((other) => other !== lane);
                app.bytes.value = { ...app.bytes.value, hidden: next };
              }}
            >
              <span class={`lane-sample is-${lane}`} aria-hidden="true" />
              {app.say(laneName(lane, sum))}
            </button>
          );
        })}
      </div>
      <Find {...props} />
      <span class="byte-actions">
        <button
          type="button"
          class="text-button"
          disabled={sum.bytes === 0}
          aria-label={app.say(COPY)}
          aria-expanded={props.isCopyOpen}
          title={`${app.say(COPY_WHAT)} (c)`}
          onClick={props.onCopy}
        >
          <Icon name="copy" /> <span>{app.say(COPY)}</span>
        </button>
        <button
          type="button"
          class="text-button"
          disabled={sum.bytes === 0}
          aria-label={app.say(SAVE)}
          title={app.say(SAVE_WHAT)}
          onClick={() => void saveBytes(app, view, sum)}
        >
          <Icon name="save" /> <span>{app.say(SAVE)}</span>
        </button>
      </span>
    </div>
  );
}

function Directions(props: Pick<Props, "app" | "view" | "sums">): VNode {
  const { app, view, sums } = props;
  const names = [
    text("client → server", "客户端 → 服务端"),
    text("server → client", "服务端 → 客户端"),
  ];
  return (
    <div class="switches" role="group" aria-label={app.say(text("Direction", "方向"))}>
      {([0, 1] as const).map((dir) => (
        <button
          type="button"
          key={dir}
          class={view.dir === dir ? "switch is-on" : "switch"}
          aria-pressed={view.dir === dir}
          onClick={() => (app.bytes.value = { ...app.bytes.value, dir })}
        >
          <span class={dir === 0 ? "is-client" : "is-server"}>{app.say(names[dir]!)}</span>{" "}
          {showBytes(sums[dir].bytes)}
        </button>
      ))}
    </div>
  );
}

function laneName(lane: Lane, { writes, segments, reads }: DirectionSums): Text {
  const n = { write: writes, segment: segments, read: reads }[lane];
  const zh = { write: "次 write", segment: "个报文段", read: "次 read" }[lane];
  return text(`${showCount(n)} ${lane}${n === 1 ? "" : "s"}`, `${showCount(n)} ${zh}`);
}

function Find({ app, view, sum, found, setFound }: Props): VNode {
  const [words, setWords] = useState("");
  const [isMissing, setMissing] = useState(false);
  const finding = useRef<AbortController | null>(null);
  const find = async (): Promise<void> => {
    const pattern = patternOf(words, view.as);
    if (pattern === null) return;
    finding.current?.abort(new DOMException("another one", "AbortError"));
    const { signal } = (finding.current = new AbortController());
    const from = found === null ? sum.from : found.from + 1;
    try {
      const ask = (at: number) =>
        app.client.ask("byteFind", { ...view, pattern, from: at }, signal);
      // Behind the last one comes the first again.
      const there = (await ask(from)) ?? (found === null ? null : await ask(sum.from));
      setMissing(there === null);
      if (there === null) return setFound(null);
      const { offset, row } = there;
      setFound({ from: offset, to: offset + pattern.length, kind: "found", row });
    } catch (e) {
      if (!signal.aborted) throw e;
    }
  };
  return (
    <form
      class="byte-find"
      role="search"
      onSubmit={(e) => {
        e.preventDefault();
        void find();
      }}
    >
      <input
        class="input"
        type="search"
        spellcheck={false}
        value={words}
        placeholder={app.say(text("Text or 0x0a", "文本或 0x0a"))}
        title={app.say(
          text("Finds text, or bytes written as 0x0d0a", "查找文本，或写成 0x0d0a 的字节"),
        )}
        aria-label={app.say(text("Find in the stream", "在流中查找"))}
        onInput={(e) => {
          setWords(e.currentTarget.value);
          setMissing(false);
          setFound(null);
        }}
      />
      <span class="byte-found" role="status">
        {isMissing
          ? app.say(text("not found", "没有找到"))
          : found === null
            ? ""
            : `@ ${showCount(found.from)}`}
      </span>
    </form>
  );
}
