/**
 * The bytes of a frame, sixteen a row, linked with the fields they are.
 *
 * @module
 */
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import type { FrameDetails } from "../../model/protocol.ts";
import type { Pointed } from "./header.tsx";

const ROW = 16;
/** Bytes that are shown; a frame of a large offload has 64 KB. */
const MAX_BYTES = 4096;

/** See the module. */
export function Hex({
  details,
  pointed,
}: {
  readonly details: FrameDetails;
  readonly pointed: Pointed;
}): VNode {
  const { bytes, headers } = details;
  const owners = useMemo(() => ownersOf(details), [details]);
  const now = pointed.value;
  const length = Math.min(bytes.length, MAX_BYTES);
  const classOf = (at: number): string => {
    const owner = owners[at];
    if (owner === undefined || owner === null) return "";
    const isPointed = now !== null && now[0] === owner[0] && now[1] === owner[1];
    return `layer-${headers[owner[0]]!.protocol}${isPointed ? " is-pointed" : ""}`;
  };
  const rows: VNode[] = [];
  for (let start = 0; start < length; start += ROW) {
    const ats = Array.from({ length: Math.min(ROW, length - start) }, (_, i) => start + i);
    rows.push(
      <div class="hex-row" key={start}>
        <span class="hex-at">{start.toString(16).padStart(4, "0")}</span>
        <span class="hex-bytes">
          {ats.map((at) => (
            <span
              key={at}
              class={classOf(at)}
              onMouseEnter={() => (pointed.value = owners[at] ?? null)}
            >
              {bytes[at]!.toString(16).padStart(2, "0")}
            </span>
          ))}
          {/* The text of a short row stands below that of the others. */}
          {Array.from({ length: ROW - ats.length }, (_, i) => (
            <span key={start + ats.length + i}>{"  "}</span>
          ))}
        </span>
        <span class="hex-text">
          {ats.map((at) => (
            <span
              key={at}
              class={classOf(at)}
              onMouseEnter={() => (pointed.value = owners[at] ?? null)}
            >
              {printable(bytes[at]!)}
            </span>
          ))}
        </span>
      </div>,
    );
  }
  return (
    <div class="hex" onMouseLeave={() => (pointed.value = null)}>
      {rows}
      {bytes.length > MAX_BYTES ? <p class="quiet">… {bytes.length - MAX_BYTES}</p> : null}
    </div>
  );
}

const printable = (byte: number): string =>
  byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : "·";

/** Which field each byte belongs to: of several in one byte, the first. */
function ownersOf({ bytes, headers }: FrameDetails): (readonly [number, number] | null)[] {
  const owners: (readonly [number, number] | null)[] = Array.from(
    { length: Math.min(bytes.length, MAX_BYTES) },
    () => null,
  );
  headers.forEach((header, h) => {
    header.fields.forEach((field, f) => {
      const from = header.at + (field.bit >>> 3);
      const to = header.at + ((field.bit + field.bits + 7) >>> 3);
      for (let at = from; at < Math.min(to, owners.length); at++) owners[at] ??= [h, f];
    });
  });
  return owners;
}
