/**
 * A header as RFCs draw it: rows of 32 bits.
 *
 * @module
 */
import type { VNode } from "preact";
import { text, type Text } from "../../../base/lang.ts";
import type { FieldLayout, HeaderLayout } from "../../../wire/layout/field.ts";
import type { App } from "../app.ts";
import type { Pointed } from "./header.tsx";

const WORD = 32;
/** Rows that one field may take in the picture. */
const MAX_ROWS = 3;

/** As RFC 791 and RFC 9293 have them, where the name in full has no room. */
const SHORT: Readonly<Record<string, Text>> = {
  "ip.hdr_len": text("IHL", "IHL"),
  "tcp.hdr_len": text("Offset", "偏移"),
};
/** Letters of a name that stand one over the other in a box of one bit. */
const MAX_LETTERS = 3;

interface Box {
  readonly field: number;
  readonly row: number;
  readonly from: number;
  readonly bits: number;
  /** The widest part of a field carries its name. */
  isNamed: boolean;
}

/** See the module. */
export function Bits(props: {
  readonly app: App;
  readonly header: HeaderLayout;
  readonly at: number;
  readonly pointed: Pointed;
}): VNode {
  const { app, header, at, pointed } = props;
  const now = pointed.value;
  return (
    <div class="bits" aria-hidden="true">
      {Array.from({ length: 4 }, (_, byte) => (
        <span
          key={`b${byte}`}
          class="bit-number"
          style={{ gridColumn: `${byte * 8 + 1} / span 8`, gridRow: 1 }}
        >
          {byte * 8}
        </span>
      ))}
      {boxesOf(header.fields).map(({ field, row, from, bits, isNamed }) => {
        const { label, name, value } = header.fields[field]!;
        const short = SHORT[name] ?? label;
        const isShown = bits >= 4 || app.say(short).length <= MAX_LETTERS;
        const isPointed = now !== null && now[0] === at && now[1] === field;
        return (
          <span
            key={`${field}.${row}`}
            class={`box${isPointed ? " is-pointed" : ""}${bits < 4 ? " is-narrow" : ""}${bits === 1 ? " is-bit" : ""}`}
            style={{ gridColumn: `${from + 1} / span ${bits}`, gridRow: row + 2 }}
            title={`${app.say(label)}: ${value}`}
            onMouseEnter={() => (pointed.value = [at, field])}
            onMouseLeave={() => (pointed.value = null)}
          >
            {isNamed && isShown ? <small>{app.say(short)}</small> : null}
            {isNamed ? <b>{bits >= 4 ? value : value.slice(0, 1)}</b> : null}
          </span>
        );
      })}
    </div>
  );
}

function boxesOf(fields: readonly FieldLayout[]): Box[] {
  const boxes: Box[] = [];
  fields.forEach(({ bit, bits }, field) => {
    const parts: Box[] = [];
    for (let at = bit; at < bit + bits && parts.length < MAX_ROWS;) {
      const row = Math.floor(at / WORD);
      const end = Math.min(bit + bits, (row + 1) * WORD);
      parts.push({ field, row, from: at % WORD, bits: end - at, isNamed: false });
      at = end;
    }
    const widest = parts.reduce((best, part, i) => (part.bits > parts[best]!.bits ? i : best), 0);
    parts[widest]!.isNamed = true;
    boxes.push(...parts);
  });
  return boxes;
}
