/**
 * Which bytes to copy or save, and as what: everything that a drag can choose, for the keyboard too.
 *
 * @module
 */
import type { VNode } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { text, type Text } from "../../../base/lang.ts";
import type { ByteView } from "../../model/bytes/byte-streams.ts";
import type { CopyAs } from "../../model/bytes/copy.ts";
import type { DirectionSums } from "../../model/bytes/direction.ts";
import type { ByteSpan } from "../../model/bytes/spans.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { Icon } from "../shell/icon.tsx";
import type { ByteRange, Choice } from "./choice.ts";
import { copyBytes } from "./clipboard.ts";
import { saveBytes } from "./save.ts";

interface Props {
  readonly app: App;
  readonly view: ByteView;
  readonly sum: DirectionSums;
  readonly choice: Choice;
  /** What is meant while nothing is chosen. */
  readonly meant: ByteRange;
  readonly onClose: () => void;
}

const WAYS: readonly (readonly [CopyAs, Text, Text])[] = [
  [
    "text",
    text("Text", "文本"),
    text(
      "As text; control and hidden characters as escapes, line ends and tabs as they are",
      "复制为文本；控制字符和不可见字符写成转义，换行和制表符保持原样",
    ),
  ],
  ["hex", text("Hex", "十六进制"), text("As hex digits", "复制为十六进制数字")],
  [
    "hexdump",
    text("Hexdump", " Hexdump"),
    text("With offsets and ASCII, as hexdump -C", "带偏移和 ASCII，同 hexdump -C"),
  ],
];

/** See the module. */
export function CopyPanel({ app, view, sum, choice, meant, onClose }: Props): VNode {
  const range = choice.range.value ?? meant;
  const owners = useOwners(app, view, range.from);
  const first = useRef<HTMLSelectElement>(null);
  useEffect(() => first.current?.focus(), []);
  const choose = (from: number, to: number): void => {
    const low = Math.max(sum.from, Math.min(from, sum.to - 1));
    choice.range.value = { from: low, to: Math.max(low + 1, Math.min(to, sum.to)) };
  };
  const label = text("Bytes to copy", "要复制的字节");
  const options = optionsOf(owners, sum, range);
  const at = options.findIndex(([, from, to]) => from === range.from && to === range.to);
  return (
    <div
      class="tools byte-copy"
      role="group"
      aria-label={app.say(label)}
      onKeyDown={(e) => {
        if (e.key !== "Escape") return;
        e.preventDefault();
        onClose();
      }}
    >
      <label>
        {app.say(text("Bytes", "字节"))}{" "}
        <select
          ref={first}
          class="input"
          aria-label={app.say(label)}
          value={String(at)}
          onChange={(e) => {
            const [, from, to] = options[Number(e.currentTarget.value)]!;
            choose(from, to);
          }}
        >
          {options.map(([name], i) => (
            <option key={name.en} value={String(i)}>
              {app.say(name)}
            </option>
          ))}
        </select>
      </label>
      <Offset
        {...{
          app,
          sum,
          word: text("first", "首"),
          label: text("First byte", "首字节"),
          value: range.from,
        }}
        onChange={(from) => choose(from, Math.max(from + 1, range.to))}
      />
      <Offset
        {...{
          app,
          sum,
          word: text("last", "末"),
          label: text("Last byte", "末字节"),
          value: range.to - 1,
        }}
        onChange={(last) => choose(Math.min(range.from, last), last + 1)}
      />
      <span class="switches">
        {WAYS.map(([as, name, what]) => (
          <button
            type="button"
            key={as}
            class="switch"
            title={app.say(what)}
            onClick={() => void copyBytes(app, view, range, as)}
          >
            {app.say(text(`Copy ${name.en.toLowerCase()}`, `复制${name.zh}`))}
          </button>
        ))}
      </span>
      <button type="button" class="text-button" onClick={() => void saveBytes(app, view, range)}>
        {app.say(text("Save these", "保存这些"))}
      </button>
      <button
        type="button"
        class="icon-button"
        aria-label={app.say(text("Close", "关闭"))}
        onClick={onClose}
      >
        <Icon name="close" />
      </button>
    </div>
  );
}

function Offset(props: {
  readonly app: App;
  readonly sum: DirectionSums;
  readonly word: Text;
  readonly label: Text;
  readonly value: number;
  readonly onChange: (value: number) => void;
}): VNode {
  const { app, sum, word, label, value, onChange } = props;
  // What is being written stays, whatever is drawn anew meanwhile.
  const [draft, setDraft] = useState<string | null>(null);
  return (
    <label>
      {app.say(word)}{" "}
      <input
        class="input"
        aria-label={app.say(label)}
        type="number"
        step="1"
        min={sum.from}
        max={sum.to - 1}
        value={draft ?? value}
        onInput={(e) => setDraft(e.currentTarget.value)}
        onChange={(e) => {
          const wanted = e.currentTarget.valueAsNumber;
          setDraft(null);
          if (Number.isSafeInteger(wanted)) onChange(wanted);
        }}
      />
    </label>
  );
}

/** What the byte at `at` belongs to; none while it is on its way. */
function useOwners(app: App, { stream, dir }: ByteView, at: number): readonly ByteSpan[] {
  const [owners, setOwners] = useState<readonly ByteSpan[]>([]);
  useEffect(() => {
    const given = new AbortController();
    void app.client
      .ask("byteOwners", { stream, dir, at }, given.signal)
      .then(setOwners, (e: unknown) => {
        if (!given.signal.aborted) throw e;
      });
    return () => given.abort(new DOMException("another byte", "AbortError"));
  }, [stream, dir, at]);
  return owners;
}

/** What can be chosen at once: what the first byte belongs to, the whole direction, and what is chosen now. */
function optionsOf(
  owners: readonly ByteSpan[],
  sum: DirectionSums,
  range: ByteRange,
): readonly (readonly [Text, number, number])[] {
  const named = owners.map(({ lane, number, from, to }) => {
    const bytes = rangeWords(from, to);
    const name = lane === "segment" || lane === "again" ? `#${number}` : `${lane} ${number}`;
    const en =
      lane === "segment" ? `segment ${name}` : lane === "again" ? `again in ${name}` : name;
    const zh = lane === "segment" ? `报文段 ${name}` : lane === "again" ? `${name} 的重复` : name;
    return [text(`${en}: ${bytes}`, `${zh}：${bytes}`), from, to] as const;
  });
  const whole = rangeWords(sum.from, sum.to);
  named.push([
    text(`the whole direction: ${whole}`, `整个方向：${whole}`),
    sum.from,
    sum.to,
  ] as const);
  if (named.some(([, from, to]) => from === range.from && to === range.to)) return named;
  const own = rangeWords(range.from, range.to);
  return [[text(`chosen: ${own}`, `选中：${own}`), range.from, range.to], ...named];
}

const rangeWords = (from: number, to: number): string => `${showCount(from)}–${showCount(to - 1)}`;
