/**
 * A header laid out for people: which bits are which field, what they hold
 * and what that says, in both languages.
 *
 * @module
 */
import { text, type Text } from "../../base/lang.ts";

/** One field of a header. */
export interface FieldLayout {
  /** Wireshark's filter name: `tcp.srcport`. */
  readonly name: string;
  readonly label: Text;
  /** First bit, from the start of the header. */
  readonly bit: number;
  readonly bits: number;
  readonly value: string;
  /** In words: what this value says here. */
  readonly meaning: Text;
  /** Where it is specified: `"RFC 9293 §3.1"`. */
  readonly rfc: string | null;
}

/** One header with its fields in their order; what follows the last one is a header called `data`. */
export interface HeaderLayout {
  /** Wireshark's name of the protocol: `tcp`. */
  readonly protocol: string;
  readonly title: Text;
  /** Offset of its first byte in the view that was laid out. */
  readonly at: number;
  /** Captured bytes. */
  readonly len: number;
  readonly fields: readonly FieldLayout[];
  /** Why the header cannot be read to its end; null when it can. */
  readonly problem: Text | null;
}

/** What a field shows: its value, and that in words. */
export interface Shown {
  readonly value: string;
  readonly meaning: Text;
}

/** Collects the fields of one header; those beyond the captured end are left out. */
export class HeaderFields {
  readonly v: DataView;
  /** Start of the header. */
  readonly at: number;
  readonly #end: number;
  readonly #fields: FieldLayout[] = [];

  constructor(v: DataView, at: number, end: number) {
    this.v = v;
    this.at = at;
    this.#end = end;
  }

  get fields(): readonly FieldLayout[] {
    return this.#fields;
  }

  /** Adds a field; `show` gets its number when it has at most 32 bits, else 0. */
  add(
    name: string,
    label: Text,
    bit: number,
    bits: number,
    rfc: string | null,
    show: (n: number) => Shown,
  ): void {
    if (bits === 0 || this.at + (bit + bits) / 8 > this.#end) return;
    const { value, meaning } = show(bits <= 32 ? this.#number(bit, bits) : 0);
    this.#fields.push({ name, label, bit, bits, value, meaning, rfc });
  }

  #number(bit: number, bits: number): number {
    let n = 0;
    for (let i = bit; i < bit + bits;) {
      const inByte = i & 7;
      const take = Math.min(8 - inByte, bit + bits - i);
      const byte = this.v.getUint8(this.at + (i >>> 3));
      n = n * 2 ** take + ((byte >>> (8 - inByte - take)) & (2 ** take - 1));
      i += take;
    }
    return n;
  }
}

/** A value with what it says. */
export function shown(value: number | string, en: string, zh: string): Shown {
  return { value: String(value), meaning: text(en, zh) };
}

/** `"0x0800"`. */
export function hexValue(n: number, digits: number): string {
  return `0x${n.toString(16).padStart(digits, "0")}`;
}

/** Bytes as `"01 02 03"`. */
export function hexBytes(v: DataView, at: number, length: number): string {
  return Array.from({ length }, (_, i) =>
    v
      .getUint8(at + i)
      .toString(16)
      .padStart(2, "0"),
  ).join(" ");
}
