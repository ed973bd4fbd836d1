/**
 * Frames as JSON, in the shape of `tshark -T json`: an array of
 * `{ _source: { layers: { frame: {…}, ip: {…}, tcp: {…} } } }`, every value a
 * string.
 *
 * Two things differ: there are no trees of sub-fields, and a field that
 * occurs more than once is an array, where tshark repeats its key.
 *
 * @module
 */
import { civilDate } from "../analysis/fields/date.ts";
import { type Field, type FieldValue, showValue } from "../analysis/fields/field.ts";
import type { Frame } from "../analysis/fields/frame.ts";
import { FIELDS } from "../analysis/fields/registry.ts";
import { formatHex } from "../base/bytes.ts";
import { visibleJson } from "../base/visible.ts";

type JsonLayers = Record<string, unknown>;

/** Prints frames; {@link JsonFrames.end} closes the array. */
export class JsonFrames {
  readonly #fields: readonly Field[] | null;
  #count = 0;

  /** @param fields Only these, by their full names, each an array; everything for `null`. */
  constructor(fields: readonly Field[] | null) {
    this.#fields = fields;
  }

  /** The text of `frame`, with what stands before it; `own` goes into the layer `seqack`, or beside chosen fields. */
  frame(frame: Frame, own: Readonly<Record<string, unknown>> | null = null): string {
    const layers = this.#fields === null ? allLayers(frame) : chosenFields(frame, this.#fields);
    if (own !== null && this.#fields !== null) Object.assign(layers, own);
    else if (own !== null) layers["seqack"] = { ...ownLayer(layers), ...own };
    const { year, month, day } = civilDate(Math.floor(frame.packet.sec / 86_400));
    const date = [year, month, day].map((n) => String(n).padStart(2, "0")).join("-");
    const value = {
      _index: `packets-${date}`,
      _type: "doc",
      _score: null,
      _source: { layers },
    };
    const text = visibleJson(JSON.stringify(value, null, 2)).replaceAll(/^/gm, "  ");
    return `${this.#count++ === 0 ? "[" : ","}\n${text}`;
  }

  /** What stands behind the last frame. */
  end(): string {
    return this.#count === 0 ? "[]\n" : "\n]\n";
  }
}

function ownLayer(layers: JsonLayers): object {
  const own = layers["seqack"];
  return typeof own === "object" && own !== null ? own : {};
}

/** Fields in groups by their protocol, the first part of the name. */
function allLayers(frame: Frame): JsonLayers {
  const layers: Record<string, JsonLayers> = {};
  for (const field of FIELDS) {
    const values = shownValues(frame, field, ":");
    if (values.length === 0 || field.type === "protocol") continue;
    const group = (layers[groupOf(field, frame)] ??= {});
    group[field.name] = values.length === 1 ? values[0] : values;
  }
  return layers;
}

/** `ip.version` stands in IPv6 headers too. */
function groupOf({ name }: Field, frame: Frame): string {
  const isIpv6 = name === "ip.version" && frame.layers.some((l) => l.kind === "ipv6");
  return isIpv6 ? "ipv6" : name.slice(0, name.indexOf("."));
}

function chosenFields(frame: Frame, fields: readonly Field[]): JsonLayers {
  const layers: JsonLayers = {};
  for (const field of fields) {
    const values = shownValues(frame, field, "");
    if (values.length > 0) layers[field.name] = values;
  }
  return layers;
}

/** @param separator Between bytes: tshark has one only where it was not asked for fields. */
function shownValues(frame: Frame, field: Field, separator: string): string[] {
  const values: FieldValue[] = [];
  field.read(frame, values);
  return values.map((value) =>
    field.type === "bytes" && value instanceof Uint8Array
      ? formatHex(value, separator)
      : showValue(field, value),
  );
}
