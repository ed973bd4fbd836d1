/**
 * How verdicts are marked: a letter and a shape each, beside the colour, so that no mark is told by its
 * colour alone.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";
import { type VerdictName, VERDICTS } from "../../analysis/verdicts/verdict.ts";

/** What a mark looks like. `bad`: something went wrong; `odd`: worth a look; `note`: only to be known. */
export interface Mark {
  readonly name: VerdictName;
  readonly letter: string;
  readonly shape: "circle" | "square" | "diamond" | "triangle";
  readonly tone: "bad" | "odd" | "note";
  /** For people; the name is Wireshark's and never translated. */
  readonly label: Text;
}

const MARKS: Readonly<Record<VerdictName, Omit<Mark, "name">>> = {
  retransmission: mark("R", "diamond", "bad", "sent again", "重传"),
  fast_retransmission: mark("F", "diamond", "bad", "sent again at once", "快速重传"),
  spurious_retransmission: mark("S", "diamond", "odd", "sent again needlessly", "多余的重传"),
  lost_segment: mark("L", "triangle", "bad", "something before it is missing", "之前有缺失"),
  ack_lost_segment: mark("A", "triangle", "odd", "acknowledges what is missing", "确认了没抓到的"),
  out_of_order: mark("O", "square", "odd", "out of order", "乱序"),
  duplicate_ack: mark("D", "circle", "odd", "the same acknowledgement again", "重复确认"),
  zero_window: mark("Z", "square", "bad", "no room left", "窗口为零"),
  window_full: mark("W", "square", "odd", "fills the window", "填满窗口"),
  window_update: mark("U", "square", "note", "more room", "窗口更新"),
  zero_window_probe: mark("P", "circle", "odd", "asks for room", "零窗口探测"),
  zero_window_probe_ack: mark("p", "circle", "note", "answers the probe", "零窗口探测的应答"),
  keep_alive: mark("K", "circle", "note", "are you there?", "保活"),
  keep_alive_ack: mark("k", "circle", "note", "still here", "保活应答"),
  reused_ports: mark("N", "triangle", "note", "a new connection on old ports", "重用端口"),
};

function mark(
  letter: string,
  shape: Mark["shape"],
  tone: Mark["tone"],
  en: string,
  zh: string,
): Omit<Mark, "name"> {
  return { letter, shape, tone, label: text(en, zh) };
}

/** The special kinds tell more than the general one. */
const SAID_BY: Partial<Record<VerdictName, readonly VerdictName[]>> = {
  retransmission: ["fast_retransmission", "spurious_retransmission"],
};

/** The mark of one verdict. */
export function markOf(name: VerdictName): Mark {
  return { name, ...MARKS[name] };
}

/** Marks of the verdicts in `bits`, in their order; a general one is left out beside its special kind. */
export function marksOf(bits: number): readonly Mark[] {
  const names = VERDICTS.filter((_, i) => (bits & (1 << i)) !== 0);
  return names
    .filter((name) => !(SAID_BY[name] ?? []).some((special) => names.includes(special)))
    .map(markOf);
}

/** The mark in words: `"retransmission: sent again"`. */
export function markWords({ name, label }: Mark): Text {
  return text(`${name}: ${label.en}`, `${name}：${label.zh}`);
}
