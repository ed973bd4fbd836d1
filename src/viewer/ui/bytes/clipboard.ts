/**
 * Bytes of a stream to the clipboard.
 *
 * @module
 */
import { text } from "../../../base/lang.ts";
import type { ByteView } from "../../model/bytes/byte-streams.ts";
import { type CopyAs, copyOf, MAX_COPIED } from "../../model/bytes/copy.ts";
import { showCount } from "../../model/show.ts";
import type { App } from "../app.ts";
import type { ByteRange } from "./choice.ts";

/** Copies the captured bytes of `range`, as plain text of at most 1 MiB of them; says what came of it. */
export async function copyBytes(
  app: App,
  { stream, dir, as: reading }: ByteView,
  { from, to }: ByteRange,
  as: CopyAs,
): Promise<void> {
  const end = Math.min(to, from + MAX_COPIED);
  let copied = 0;
  const words = async (): Promise<string> => {
    const block = await app.client.ask("byteBlock", { stream, dir, from, to: end });
    copied = block.bytes.length;
    return copyOf(block, as, reading);
  };
  try {
    await write(words);
  } catch {
    app.notice.value = text(
      "The browser did not allow copying. Save writes a file instead.",
      "浏览器不允许复制。可以改用“保存”写成文件。",
    );
    return;
  }
  const n = showCount(copied);
  if (end < to) {
    app.notice.value = text(
      `The first ${n} bytes were copied: more is too much for a clipboard. Save writes all of them.`,
      `已复制前 ${n} 字节：更多内容剪贴板放不下。“保存”可以写出全部。`,
    );
    return;
  }
  const missing = showCount(to - from - copied);
  app.notice.value =
    copied === to - from
      ? text(`${n} bytes were copied.`, `已复制 ${n} 字节。`)
      : text(
          `${n} bytes were copied; the ${missing} missing ones are left out.`,
          `已复制 ${n} 字节；缺少的 ${missing} 字节已略去。`,
        );
}

/** A browser may want to hear of it at once, before the words are there. */
async function write(words: () => Promise<string>): Promise<void> {
  if (typeof ClipboardItem === "undefined") {
    await navigator.clipboard.writeText(await words());
    return;
  }
  const blob = words().then((plain) => new Blob([plain], { type: "text/plain" }));
  await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}
