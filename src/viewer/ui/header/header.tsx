/**
 * The selected frame, bit by bit: each header as RFCs draw it, its fields in words, and the bytes.
 *
 * @module
 */
import type { VNode } from "preact";
import { useMemo } from "preact/hooks";
import { signal, type Signal } from "@preact/signals";
import { text } from "../../../base/lang.ts";
import type { HeaderLayout } from "../../../wire/layout/field.ts";
import type { FrameDetails } from "../../model/protocol.ts";
import type { App } from "../app.ts";
import { Bits } from "./bits.tsx";
import { Hex } from "./hex.tsx";

/** The field under the pointer: number of its header, number of the field. */
export type Pointed = Signal<readonly [number, number] | null>;

/** See the module. */
export function HeaderView({ app }: { readonly app: App }): VNode {
  const details = app.details.value;
  const pointed: Pointed = useMemo(() => signal<readonly [number, number] | null>(null), [details]);
  if (details === null) return <p class="empty-note">{app.say(NOTHING)}</p>;
  return (
    <div class="header-view">
      <div
        class="header-layers"
        tabIndex={0}
        role="group"
        aria-label={app.say(text("Headers", "首部"))}
      >
        {details.headers.map((header, at) => (
          <Layer key={at} app={app} header={header} at={at} pointed={pointed} />
        ))}
      </div>
      <HexPane app={app} details={details} pointed={pointed} />
    </div>
  );
}

const NOTHING = text("There is no such frame in this recording.", "这份记录里没有这一帧。");

function Layer(props: {
  readonly app: App;
  readonly header: HeaderLayout;
  readonly at: number;
  readonly pointed: Pointed;
}): VNode {
  const { app, header, at, pointed } = props;
  const now = pointed.value;
  const bytes = text(`${header.len} bytes`, `${header.len} 字节`);
  return (
    <section class="layer">
      <h3>
        {app.say(header.title)} <span class="quiet">{app.say(bytes)}</span>
      </h3>
      {header.problem === null ? null : <p class="problem">{app.say(header.problem)}</p>}
      {header.protocol === "data" ? null : (
        <Bits app={app} header={header} at={at} pointed={pointed} />
      )}
      <table class="fields">
        <tbody>
          {header.fields.map((field, n) => (
            <tr
              key={n}
              class={now !== null && now[0] === at && now[1] === n ? "is-pointed" : ""}
              onMouseEnter={() => (pointed.value = [at, n])}
              onMouseLeave={() => (pointed.value = null)}
            >
              <th scope="row">
                {app.say(field.label)}
                <code>{field.name}</code>
              </th>
              <td class="value">{field.value}</td>
              <td>
                {app.say(field.meaning)}{" "}
                {field.rfc === null ? null : <span class="rfc">{field.rfc}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function HexPane({
  app,
  details,
  pointed,
}: {
  readonly app: App;
  readonly details: FrameDetails;
  readonly pointed: Pointed;
}): VNode {
  const missing = details.origLen - details.bytes.length;
  const cut = text(
    `${details.bytes.length} of ${details.origLen} bytes were captured`,
    `共 ${details.origLen} 字节，抓到了 ${details.bytes.length} 字节`,
  );
  return (
    <div class="hex-pane" tabIndex={0} role="group" aria-label={app.say(text("Bytes", "字节"))}>
      <Hex details={details} pointed={pointed} />
      {missing > 0 ? <p class="quiet">{app.say(cut)}</p> : null}
    </div>
  );
}
