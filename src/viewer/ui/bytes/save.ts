/**
 * The bytes of a stream as a file.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import type { ByteBlock, ByteView } from "../../model/bytes/byte-streams.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import { saveBlob } from "../picture.tsx";
import type { ByteRange } from "./choice.ts";

/** Bytes of a file that is saved: they are in the page's memory until the browser has them. */
const MAX_SAVED = 256 * 2 ** 20;

/** Gives the captured bytes of `range` to the browser to keep, `stream-0-client.bin`; says what is left out. */
export async function saveBytes(app: App, view: ByteView, range: ByteRange): Promise<void> {
  const { stream, dir } = view;
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let saved = 0;
  let from: number | null = range.from;
  while (from !== null && saved < MAX_SAVED) {
    const block: ByteBlock = await app.client.ask("byteBlock", { stream, dir, from, to: range.to });
    parts.push(block.bytes);
    saved += block.bytes.length;
    from = block.next;
  }
  const name = `stream-${stream}-${dir === 0 ? "client" : "server"}.bin`;
  saveBlob(new Blob(parts, { type: "application/octet-stream" }), name);
  const n = showCount(saved);
  const missing = range.to - range.from - saved;
  if (from !== null) {
    app.notice.value = text(
      `The first ${n} bytes were saved: more is too much for a page. Choose from byte ${showCount(from)} on for the rest.`,
      `已保存前 ${n} 字节：更多内容页面放不下。其余部分请从第 ${showCount(from)} 字节开始选择。`,
    );
    return;
  }
  app.notice.value =
    missing === 0
      ? text(`${n} bytes were saved.`, `已保存 ${n} 字节。`)
      : text(
          `${n} bytes were saved; the ${showCount(missing)} missing ones are left out.`,
          `已保存 ${n} 字节；缺少的 ${showCount(missing)} 字节已略去。`,
        );
}
