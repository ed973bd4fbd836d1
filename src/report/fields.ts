/**
 * Frames as rows of fields, as `tshark -T fields` prints them.
 *
 * @module
 */
import { visible } from "../base/visible.ts";
import { type Field, type FieldValue, showValue } from "../analysis/fields/field.ts";
import type { Frame } from "../analysis/fields/frame.ts";

/** tshark's `-E`. */
export interface FieldRowOptions {
  /** Between fields; a tab when left out. */
  readonly separator?: string;
  /** Between occurrences of one field; a comma when left out. */
  readonly aggregator?: string;
  /** Which occurrences; all when left out. */
  readonly occurrence?: "all" | "first" | "last";
  /** Around every field that has a value; nothing when left out. */
  readonly quote?: string;
}

/** Prints rows. */
export class FieldRows {
  readonly #fields: readonly Field[];
  readonly #separator: string;
  readonly #aggregator: string;
  readonly #occurrence: "all" | "first" | "last";
  readonly #quote: string;
  readonly #values: FieldValue[] = [];

  constructor(fields: readonly Field[], options: FieldRowOptions = {}) {
    this.#fields = fields;
    this.#separator = options.separator ?? "\t";
    this.#aggregator = options.aggregator ?? ",";
    this.#occurrence = options.occurrence ?? "all";
    this.#quote = options.quote ?? "";
  }

  /** The names of the fields, without a newline. */
  header(): string {
    return this.#fields.map(({ name }) => name).join(this.#separator);
  }

  /** The row of `frame`, without a newline. */
  row(frame: Frame): string {
    return this.#fields.map((field) => this.#cell(field, frame)).join(this.#separator);
  }

  #cell(field: Field, frame: Frame): string {
    const values = this.#values;
    values.length = 0;
    field.read(frame, values);
    if (values.length === 0) return "";
    const shown = this.#chosen(values).map((value) => visible(showValue(field, value)));
    return this.#quoted(shown.join(this.#aggregator));
  }

  #chosen(values: readonly FieldValue[]): readonly FieldValue[] {
    if (this.#occurrence === "all") return values;
    return this.#occurrence === "first" ? values.slice(0, 1) : values.slice(-1);
  }

  #quoted(text: string): string {
    return this.#quote + text + this.#quote;
  }
}

/** How one setting of `-E` was wrong. */
export class FieldSettingError extends SyntaxError {
  override readonly name = "FieldSettingError";
}

/** What the settings of `-E` say together. */
export interface FieldSettings extends FieldRowOptions {
  readonly header: boolean;
}

/**
 * Reads `-E` settings: `header=y`, `separator=,` (`/t` a tab, `/s` a space), `occurrence=f`,
 * `aggregator=;`, `quote=d`.
 *
 * @throws {FieldSettingError}
 */
export function parseFieldSettings(settings: readonly string[]): FieldSettings {
  const parts: Partial<FieldSettings>[] = [];
  for (const setting of settings) {
    const [, name, value] = /^(\w+)=(.+)$/s.exec(setting) ?? [];
    const part = name === undefined ? null : readSetting(name, value!);
    if (part === null) {
      throw new FieldSettingError(`Cannot read "${visible(setting)}": it is not a setting of -E`);
    }
    parts.push(part);
  }
  return Object.assign({ header: false }, ...parts);
}

function readSetting(name: string, value: string): Partial<FieldSettings> | null {
  switch (name) {
    case "header":
      return /^[yn]$/.test(value) ? { header: value === "y" } : null;
    case "separator":
      return withCharacter(value, (separator) => ({ separator }));
    case "aggregator":
      return withCharacter(value, (aggregator) => ({ aggregator }));
    case "occurrence": {
      const occurrence = { a: "all", f: "first", l: "last" }[value];
      return isOccurrence(occurrence) ? { occurrence } : null;
    }
    case "quote": {
      const quote = { d: '"', s: "'", n: "" }[value];
      return quote === undefined ? null : { quote };
    }
    default:
      return null;
  }
}

function isOccurrence(value: string | undefined): value is "all" | "first" | "last" {
  return value !== undefined;
}

function withCharacter(
  value: string,
  make: (character: string) => Partial<FieldSettings>,
): Partial<FieldSettings> | null {
  if (value === "/t") return make("\t");
  if (value === "/s") return make(" ");
  return /^.$/su.test(value) ? make(value) : null;
}
